"""From what users write to the model: decorators, handles, tracing."""
