"""Every knob, from the environment (`PLAN_…`) or a `.env` file in the working folder."""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, Json, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

BUNDLED_MODEL = "bundled:multilingual-e5-small-4"
# All twelve layers of it, of which the four of the one above were distilled.
WHOLE_MODEL = "bundled:multilingual-e5-small"
BUNDLED_RERANKER = "bundled"


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
    reranker: str = Field(
        default=BUNDLED_RERANKER,
        description="重排模型:随附模型(bundled)、off、eval.reranker 导出的文件夹,或 CrossEncoder 的"
        "本地文件夹",
    )
    threads: int = Field(default=2, ge=1, description="推理线程数")
    chunk_tokens: int = Field(default=384, ge=32, le=448, description="每个文本块的词元上限")
    overlap_tokens: int = Field(default=64, ge=0, description="相邻文本块重叠的词元上限(整句)")
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
    chroma_url: str | None = Field(
        default=None, description="Chroma 服务的地址（http/https）；不设则向量存在资料目录里"
    )
    chroma_token: SecretStr | None = Field(
        default=None, description="访问 Chroma 服务的令牌，随请求以 Bearer 发送"
    )
    users_file: Path | None = Field(
        default=None, description="用户文件；不设则为资料目录下的 users.json，其中有用户就须登录"
    )
    proxy_address: str | None = Field(
        default=None, description="可信反向代理的地址或网段，多个用逗号分隔"
    )
    proxy_user_header: str | None = Field(
        default=None,
        validate_default=True,
        description="反向代理用来传用户名的请求头；只认来自 PLAN_PROXY_ADDRESS 的",
    )
    allow_open: bool = Field(default=False, description="未设登录也允许监听本机以外的地址")
    session_hours: float = Field(default=12, gt=0, description="登录多久之后须重新登录（小时）")
    rate_limit: str = Field(
        default="240/minute",
        pattern=r"^[1-9]\d*/(second|minute|hour|day)$",
        description="每个用户的请求上限，如 240/minute；本机未设登录时不限",
    )
    log_questions: bool = Field(default=False, description="日志是否记下问题原文")
    metrics_public: bool = Field(default=False, description="设了登录时 /metrics 是否仍可匿名访问")
    shutdown_seconds: int = Field(
        default=30, ge=1, description="停止服务时最多等正在作答的多久（秒）"
    )
    llm_model: str | None = Field(default=None, description="大模型名称；不设则不用大模型")
    llm_base_url: str | None = Field(
        default=None, validate_default=True, description="OpenAI 兼容接口地址，通常以 /v1 结尾"
    )
    llm_api_key: SecretStr | None = Field(default=None, description="接口密钥")
    llm_temperature: float = Field(default=0, ge=0, le=2, description="采样温度")
    llm_timeout_seconds: float = Field(default=60, gt=0, description="一次回答的时间上限（秒）")
    llm_max_retries: int = Field(default=2, ge=0, le=10, description="失败后重试的次数")
    llm_context_tokens: int = Field(
        default=6000, ge=1000, description="提示词与来源原文的词元上限，超出则整条舍去"
    )
    llm_max_output_tokens: int = Field(
        default=4096, ge=64, description="一次输出的词元上限，思考也计入"
    )
    # Decoded by pydantic, which names the field where it is no JSON.
    llm_extra_body: Annotated[Json[dict[str, Any]], NoDecode] = Field(
        default="{}",
        validate_default=True,
        description="随请求发送的其他参数（JSON），如关闭思考的开关",
    )
    llm_input_price: float | None = Field(
        default=None, ge=0, description="每百万输入词元的价格（元）"
    )
    llm_output_price: float | None = Field(
        default=None, ge=0, description="每百万输出词元的价格（元）"
    )
    llm_tools: Literal["auto", "on", "off"] = Field(
        default="auto", description="是否让大模型调用查询工具；auto：接口不支持时改为只读来源"
    )
    llm_unsupported: Literal["drop", "mark"] = Field(
        default="drop", description="未能核实的句子：删去或标明"
    )

    @property
    def users_path(self) -> Path:
        """Return where the users are kept."""
        return self.users_file or self.data_dir / "users.json"

    @field_validator("chroma_url")
    @classmethod
    def _check_chroma_url(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "http://none")
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise ValueError("应为不含用户名和密码的 http(s) 地址")
        return url

    @field_validator("proxy_address")
    @classmethod
    def _check_proxy_address(cls, addresses: str | None) -> str | None:
        for address in (addresses or "").split(","):
            if address.strip():
                ip_network(address.strip(), strict=False)
        return addresses

    @field_validator("proxy_user_header")
    @classmethod
    def _check_proxy_user_header(cls, header: str | None, info: ValidationInfo) -> str | None:
        """Want the proxy's address too: anybody can send a header."""
        if header and not info.data.get("proxy_address"):
            raise ValueError("须同时设 PLAN_PROXY_ADDRESS")
        return header

    @field_validator("llm_base_url")
    @classmethod
    def _check_base_url(cls, url: str | None, info: ValidationInfo) -> str | None:
        """Want an address with a model, and no secrets in it: addresses end up in logs."""
        if not info.data.get("llm_model"):
            return url
        parts = urlsplit(url or "")
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise ValueError("应为不含用户名和密码的 http(s) 地址")
        return url
