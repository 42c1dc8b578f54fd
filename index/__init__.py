"""Reports in, passages out. Start with `index.types`; `index.store.Index` is the way in."""
