"""Every knob, from the environment (`PLAN_…`) or a `.env` file in the working folder."""

import os
from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

BUNDLED_MODEL = "bundled:multilingual-e5-small"


class Settings(BaseSettings):
    """What can be set; a field `x` is set by `PLAN_X`."""

    model_config = SettingsConfigDict(env_prefix="PLAN_", env_file=".env", extra="ignore")

    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("plan-assistant", appauthor=False),
        description="资料目录:catalog.sqlite 与 chroma/",
    )
    model_dir: Path = Field(
        # Not below data_dir: a compiled model serves every data folder of the user.
        default_factory=lambda: (
            platformdirs.user_cache_path("plan-assistant", appauthor=False) / "models"
        ),
        description="编译后的模型缓存目录",
    )
    embedding_model: str = Field(
        default=BUNDLED_MODEL,
        description="向量模型:随附模型、本地文件夹,或 sentence-transformers 模型名",
    )
    embedding_query_prefix: str | None = Field(
        default=None, description="查询前缀;不设则按模型自带的 prompts"
    )
    embedding_passage_prefix: str | None = Field(
        default=None, description="段落前缀;不设则按模型自带的 prompts"
    )
    threads: int = Field(default=2, ge=1, description="推理线程数")
    chunk_tokens: int = Field(default=192, ge=32, le=448, description="每个文本块的词元上限")
    overlap_tokens: int = Field(default=48, ge=0, description="相邻文本块重叠的词元上限(整句)")
    workers: int = Field(
        default_factory=lambda: min(4, os.cpu_count() or 1),
        ge=1,
        le=64,
        description="收录时解析文件的进程数",
    )
    max_file_mb: int = Field(default=200, ge=1, description="单个文件大小上限（MB）")
    max_unpacked_mb: int = Field(
        default=1024, ge=1, description="压缩包、Word、Excel、OFD 解开后的大小上限（MB）"
    )
    max_parse_seconds: float = Field(default=300, gt=0, description="解析单个文件的时间上限（秒）")
    max_parse_memory_mb: int = Field(
        default=2048, ge=256, description="解析单个文件的内存上限（MB）"
    )
    host: str = Field(default="127.0.0.1", description="网页监听地址")
    port: int = Field(default=7860, ge=0, le=65535, description="网页监听端口")
