"""A question in, a checked answer out. Start with `assistant.pipeline.ask`."""
