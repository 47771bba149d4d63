"""The least that a program does which sends one streaming request through the openai SDK."""

import sys

import openai

client = openai.OpenAI(api_key="bench", base_url=sys.argv[1] + "/v1", max_retries=0)
stream = client.chat.completions.create(
    model="bench-bare",
    messages=[{"role": "user", "content": "hello"}],
    stream=True,
)
for _ in stream:
    pass
