"""Every word said to a model: one Markdown file per prompt. Loaded by `assistant.prompting`."""
