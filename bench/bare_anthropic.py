"""The least that a program does which sends one streaming request through the anthropic SDK."""

import sys

import anthropic

client = anthropic.Anthropic(api_key="bench", base_url=sys.argv[1], max_retries=0)
stream = client.messages.create(
    model="bench-bare",
    max_tokens=1000,
    messages=[{"role": "user", "content": "hello"}],
    stream=True,
)
for _ in stream:
    pass
