"""The chat model behind an OpenAI-compatible endpoint, and what a call of it costs."""

from langchain_openai import ChatOpenAI
from openai import DefaultAsyncHttpxClient
from pydantic import SecretStr

from assistant.answer.model import Usage
from assistant.settings import Settings

# A key must be sent, and one for OpenAI that happens to be in the environment is none of ours.
_NO_KEY = SecretStr("none")


def open_client(settings: Settings) -> DefaultAsyncHttpxClient:
    """Return the connection of one answer; closing it ends the model's stream too."""
    # LangChain's own clients are shared by all event loops, which breaks the second one.
    return DefaultAsyncHttpxClient(timeout=settings.llm_timeout_seconds)


def build_model(settings: Settings, client: DefaultAsyncHttpxClient) -> ChatOpenAI:
    """Return the model as set; retries back off and heed Retry-After."""
    return ChatOpenAI(
        model=settings.llm_model or "",
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key or _NO_KEY,
        temperature=settings.llm_temperature,
        timeout=settings.llm_timeout_seconds,
        max_retries=settings.llm_max_retries,
        stream_usage=True,
        use_responses_api=False,
        http_async_client=client,
        # ChatOpenAI would send max_completion_tokens, which few other than OpenAI know.
        extra_body={"max_tokens": settings.llm_max_output_tokens, **settings.llm_extra_body},
    )


def price(settings: Settings, *, input_tokens: int, output_tokens: int) -> Usage:
    """Return what was used, with its cost where both prices are set."""
    cost = None
    if settings.llm_input_price is not None and settings.llm_output_price is not None:
        spent = input_tokens * settings.llm_input_price + output_tokens * settings.llm_output_price
        cost = round(spent / 1_000_000, 6)
    return Usage(settings.llm_model or "", input_tokens, output_tokens, cost)
