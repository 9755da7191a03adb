"""How weights move in both trainings: heads faster than the encoder, the rate up and then down."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

# How many times faster heads learn that have learnt nothing yet.
HEADS_FASTER = 5.0

_WARM_UP = 0.05


def optimizer_for(
    encoder: nn.Module,
    heads: Iterable[nn.Parameter],
    *,
    rate: float,
    faster: float = HEADS_FASTER,
) -> torch.optim.Optimizer:
    """Return AdamW over what of the encoder is not frozen, and the heads, which learn faster."""
    parts: list[dict[str, Any]] = [
        {"params": [weights for weights in encoder.parameters() if weights.requires_grad]},
        {"params": list(heads), "lr": faster * rate},
    ]
    return torch.optim.AdamW(parts, lr=rate, fused=True)


def schedule_for(
    optimizer: torch.optim.Optimizer, steps: int, *, done: int = 0
) -> torch.optim.lr_scheduler.LambdaLR:
    """Return the schedule of all steps, `done` of which are made."""
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: _rate_factor(step + done, steps)
    )


def learn(
    loss: Tensor,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
) -> None:
    """Take one step down the loss, the model's gradients clipped to length one."""
    optimizer.zero_grad()
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    schedule.step()


def _rate_factor(step: int, steps: int) -> float:
    """Rise, then fall to nothing."""
    warm = max(1, round(_WARM_UP * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))
