"""Loads what every parsing process needs, once, in the server that they are forked from."""

import corpus.prepare  # noqa: F401
from corpus.segment import base_segmenter

base_segmenter()
