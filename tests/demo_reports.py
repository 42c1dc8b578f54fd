"""The index of the sample reports, built once for a run of the tests."""

from pathlib import Path

from assistant.demo import demo_index
from assistant.settings import IndexSettings, LlmSettings, Settings


def demo_settings_in(folder: Path, cache: Path) -> Settings:
    """No model; the sample reports indexed in `folder`, which is made when it is not there."""
    settings = Settings(index=IndexSettings(folder=folder, cache=cache), llm=LlmSettings(model="none"))
    demo_index(settings).close()
    return settings
