"""The report of a run: what to say (`view`), where it comes from (`build`), and the page that shows it (`page`)."""
