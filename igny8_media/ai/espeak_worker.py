"""Speaks with espeak-ng in a process of its own: JSON requests in, JSON answers out, one a line.

Run as a script with the path of the espeak-ng library and of its data. espeak-ng is GPL-3, so it
is never loaded into the process that uses it. Standard library only. The process ends when its
standard input does, so it cannot outlive whoever started it.

Requests: `{"do": "speak", "text", "voice", "rate", "pitch", "range", "gap", "out"}` writes a mono
16-bit WAV file and answers `{"rate": Hz, "samples": n, "words": [[position, length, sample]]}`,
positions counted in characters from 0; `{"do": "phonemes", "voice", "words": [...]}` answers
`{"phonemes": [...]}`, IPA; `{"do": "voices"}` answers `{"voices": [[name, language]]}`.
Any failure answers `{"error": sentence}`.
"""

import ctypes
import json
import sys
import wave
from typing import Any

# espeak-ng/speak_lib.h, version 1.52
_RETRIEVAL = 1
_WORD = 1
_LIST_TERMINATED = 0
_UTF8 = 1
_IPA = 0x02
_RATE, _PITCH, _RANGE, _WORDGAP = 1, 3, 4, 7


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class Espeak:
    def __init__(self, library: str, data: str) -> None:
        self._lib = ctypes.CDLL(library)
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._lib.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        self._rate = self._lib.espeak_Initialize(_RETRIEVAL, 0, data.encode(), 0)
        if self._rate <= 0:
            raise ValueError("the data of espeak-ng cannot be read")
        self._pcm = bytearray()
        self._words: list[tuple[int, int, int]] = []
        self._callback = _CALLBACK(self._receive)  # kept: ctypes does not hold a reference
        self._lib.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, count * 2)
        index = 0
        while events[index].type != _LIST_TERMINATED:
            event = events[index]
            if event.type == _WORD:
                self._words.append((event.text_position - 1, event.length, event.sample))
            index += 1
        return 0

    def _use(self, voice: str) -> None:
        """Some voices are listed by a language that is not their name, as French by fr-fr."""
        if self._lib.espeak_SetVoiceByName(voice.encode()) == 0:
            return
        wanted = _Voice(languages=voice.encode())
        if self._lib.espeak_SetVoiceByProperties(ctypes.byref(wanted)) != 0:
            raise ValueError(f"espeak-ng has no voice called {voice!r}")

    def speak(self, request: dict[str, Any]) -> dict[str, Any]:
        self._use(request["voice"])
        for parameter, key in (
            (_RATE, "rate"),
            (_PITCH, "pitch"),
            (_RANGE, "range"),
            (_WORDGAP, "gap"),
        ):
            self._lib.espeak_SetParameter(parameter, int(request[key]), 0)
        self._pcm.clear()
        self._words.clear()
        text = request["text"].encode() + b"\0"
        failed = self._lib.espeak_Synth(text, len(text), 0, 1, 0, _UTF8, None, None)
        if failed or self._lib.espeak_Synchronize():
            raise ValueError("espeak-ng could not synthesise the text")
        with wave.open(request["out"], "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(self._rate)
            out.writeframes(bytes(self._pcm))
        return {"rate": self._rate, "samples": len(self._pcm) // 2, "words": self._words}

    def phonemes(self, request: dict[str, Any]) -> dict[str, Any]:
        self._use(request["voice"])
        return {"phonemes": [self._phonemes(word) for word in request["words"]]}

    def _phonemes(self, word: str) -> str:
        text = ctypes.c_char_p(word.encode())
        rest = ctypes.c_void_p(ctypes.cast(text, ctypes.c_void_p).value)
        parts = []
        while rest.value:  # one clause a call
            part = self._lib.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA)
            parts.append((part or b"").decode())
        return " ".join(parts)

    def voices(self, _: dict[str, Any]) -> dict[str, Any]:
        listed = self._lib.espeak_ListVoices(None)
        found: list[tuple[str, str]] = []
        index = 0
        while listed[index]:
            voice = listed[index].contents
            # `languages` holds pairs of a priority byte and a name; the first is the main one.
            found.append((voice.name.decode(), voice.languages[1:].split(b"\0")[0].decode()))
            index += 1
        return {"voices": found}


def main(library: str, data: str) -> None:
    espeak = Espeak(library, data)
    actions = {"speak": espeak.speak, "phonemes": espeak.phonemes, "voices": espeak.voices}
    for line in sys.stdin.buffer:
        try:
            request = json.loads(line)
            answer = actions[request["do"]](request)
        except (ValueError, KeyError, OSError) as error:
            answer = {"error": f"{error}"}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
