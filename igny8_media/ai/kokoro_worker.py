"""Kokoro in a process of its own: `python kokoro_worker.py MODEL VOICES THREADS`.

It reads one JSON request a line and answers with one: kokoro-onnx brings phonemizer and with it
espeak-ng's library (GPL-3) into the process, and its model 850 MB, which are given back when the
process ends. It stops when its input closes.
"""

import json
import os
import sys
import wave
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from kokoro_onnx import Kokoro

_QUIET: Final = 3  # of onnxruntime: errors alone


def opened(model: str, voices: str, threads: int) -> Kokoro:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _QUIET
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    kokoro: Kokoro = Kokoro.from_session(session, voices)
    return kokoro


def with_durations(model: Path, out: Path) -> bool:
    """Write the model with what it computes anyway as a second output: each phoneme's frames.

    kokoro-onnx reads it under the name "duration". False if there is no such place in the graph:
    the one where predicted lengths are rounded, held at one frame or more, and made integers.
    """
    import onnx

    graph = onnx.load(str(model))
    maker = {name: node for node in graph.graph.node for name in node.output}
    found = [
        node.output[0]
        for node in graph.graph.node
        if _comes_from(node, ("Cast", "Clip", "Round"), maker)
    ]
    if len(found) != 1:
        return False
    graph.graph.node.append(onnx.helper.make_node("Identity", found, ["duration"]))
    told = onnx.helper.make_tensor_value_info("duration", onnx.TensorProto.INT64, None)
    graph.graph.output.append(told)
    draft = out.with_suffix(f".{os.getpid()}")
    onnx.save(graph, str(draft))
    draft.replace(out)
    return True


def _comes_from(node: Any, kinds: tuple[str, ...], maker: dict[str, Any]) -> bool:
    for kind in kinds:
        if node is None or node.op_type != kind:
            return False
        node = maker.get(node.input[0])
    return True


def speak(kokoro: Kokoro, request: dict[str, Any]) -> dict[str, Any]:
    """Pauses are the model's own: the library's would stand beside them."""
    sound, rate, timings = kokoro.create_timed(
        request["text"],
        request["voice"],
        request["speed"],
        request["accent"],
        sentence_pause=0.0,
        clause_pause=0.0,
    )
    with wave.open(request["out"], "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes((np.clip(sound, -1.0, 1.0) * 32767).astype("<i2").tobytes())
    return {"timed": [(one.phoneme, one.start, one.end) for one in timings]}


def main(model: str, voices: str, threads: str, timed: str) -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    kokoro: Kokoro | None = None
    for line in sys.stdin.buffer:
        try:
            if kokoro is None:
                place = Path(timed)
                ready = place.is_file() or with_durations(Path(model), place)
                kokoro = opened(timed if ready else model, voices, int(threads))
            answer = speak(kokoro, json.loads(line))
        except Exception as error:  # whatever a library raises is told
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
