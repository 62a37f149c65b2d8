"""Bad input, at length and at random: ``python -m tests.fuzz [SECONDS] [TARGET…]`` (``make fuzz``).

A target turns bytes into one question asked of the observatory, and judges the answer. The same targets run for seconds
under Hypothesis in the tests and for as long as wished under atheris, guided by what the code does with the bytes.
"""
