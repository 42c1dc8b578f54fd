"""The parts of the web page that know nothing of Gradio: values in, HTML and text out; `assistant.ui` builds it."""
