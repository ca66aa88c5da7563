"""Programs of the lake's benches as modules."""

import importlib.util
import sys
from types import ModuleType

from lake import ROOT


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), ROOT / "bench" / f"{name}.py")
    # Registered, for its processes find its functions by the module's name.
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
