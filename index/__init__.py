"""Reports in, passages out. Start with `index.types`; `index.store.Index` is the way in."""

import os

# Read when ONNX Runtime is loaded, which would report to its makers otherwise; by then its own switch comes too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
