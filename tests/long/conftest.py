from tests.agent.conftest import own_home, stage

__all__ = ["own_home", "stage"]
