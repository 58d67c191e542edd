"""What can go wrong with an account, told apart by who can put it right."""

from igny8_media.errors import Igny8Error, InputError, OutsideError


class ReconnectNeededError(Igny8Error):
    """Only the account's person can help, by connecting it again."""


class TokenRefusedError(ReconnectNeededError):
    """The platform does not take this access token; another may do."""


class NotAllowedError(Igny8Error):
    """The platform knows the account and does not let it do what was asked."""


class RefreshFailedError(OutsideError):
    """No token now, but later there may be one; `after` is how many seconds to wait."""

    def __init__(self, message: str, after: float = 30.0) -> None:
        super().__init__(message)
        self.after = after


class AppRefusedError(Igny8Error):
    """The platform does not accept our registration with it: no account can get a token."""


class NotRegisteredError(AppRefusedError, InputError):
    """No registration is set: a person must make one before anything can be asked."""


class ConsentError(InputError):
    """The person did not agree, or the answer was not theirs."""
