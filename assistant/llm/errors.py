"""Why a language model gave no usable answer, in words for the user.

Never quotes what the endpoint said: that may hold the key, and is not ours to vouch for.
"""

import json

from langgraph.errors import GraphRecursionError
from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

# What calling a model can raise. LangChain answers oddly shaped replies with the last four.
MODEL_ERRORS = (
    OpenAIError,
    GraphRecursionError,
    TimeoutError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
)

_BY_STATUS = {
    400: "接口拒绝了请求，请检查模型名称与上下文长度",
    401: "密钥无效，请检查 PLAN_LLM_API_KEY",
    402: "账户余额不足",
    403: "密钥没有使用这个模型的权限，请检查 PLAN_LLM_MODEL",
    404: "找不到接口或模型，请检查 PLAN_LLM_BASE_URL 与 PLAN_LLM_MODEL",
    413: "请求过长，请调小 PLAN_LLM_CONTEXT_TOKENS",
    429: "请求太频繁或额度已用完，请稍后再试",
}


class ModelFailed(Exception):
    """There is no usable answer of the model; the message says why, in Chinese."""


def explain(error: Exception) -> str:
    """Return one clause that says what went wrong and, where there is one, the cure."""
    if isinstance(error, APITimeoutError | TimeoutError):
        return "没有在规定时间内答完，可调大 PLAN_LLM_TIMEOUT_SECONDS"
    if isinstance(error, APIStatusError):
        return _explain_status(error.status_code)
    if isinstance(error, GraphRecursionError):
        return "反复调用工具而不作答"
    if isinstance(error, APIConnectionError):
        return "连接不上接口，请检查 PLAN_LLM_BASE_URL 与网络"
    if isinstance(error, json.JSONDecodeError):
        return "返回的内容不是有效的 JSON"
    return "返回的内容无法读取"


def _explain_status(status: int) -> str:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return (
        f"服务出错，状态码 {status}，请稍后再试"
        if status >= 500
        else f"接口拒绝了请求，状态码 {status}"
    )
