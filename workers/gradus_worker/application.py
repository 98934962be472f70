"""The two Celery applications: training shifts, and answers to questions.

A message is only a ticket, acknowledged before the task runs: what is to be done stands in the
database under a lease, so a lost, doubled or late message costs nothing. Children are spawned
(torch after a fork hangs) and set up by the loader; the parent process never imports torch.
"""

from typing import Any

from celery import Celery
from celery.loaders.app import AppLoader

from gradus_runs.settings import Settings

SHIFT = "gradus.shift"
INSPECT = "gradus.inspect"
VERIFY = "gradus.verify"

CONFIGURATION: dict[str, Any] = {
    "accept_content": ["json"],
    "task_serializer": "json",
    "result_serializer": "json",
    "task_ignore_result": True,
    "task_acks_late": False,
    "worker_prefetch_multiplier": 1,
    "worker_pool_start_method": "spawn",
    # The default of 4 s kills a child that is still importing torch on a busy machine.
    "worker_proc_alive_timeout": 120,
    "worker_soft_shutdown_timeout": 8,
    "worker_send_task_events": False,
    "worker_enable_remote_control": False,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "task_create_missing_queues": True,
}


def broker_url(redis_url: str) -> str:
    """The same Redis in Celery's spelling: a unix socket is `redis+socket://` there."""
    return redis_url.replace("unix://", "redis+socket://", 1)


class TrainingLoader(AppLoader):  # type: ignore[misc]
    def on_worker_process_init(self) -> None:
        from gradus_worker.child import this_child  # torch: only ever in a spawned child

        this_child().warm_up()


class InspectLoader(AppLoader):  # type: ignore[misc]
    def on_worker_process_init(self) -> None:
        from gradus_worker.inspector import this_inspector  # torch, as above

        this_inspector().warm_up()


class TrainingApplication(Celery):  # type: ignore[misc]
    """Celery rebuilds the application in each spawned child from its class and configuration."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.task(shift, name=SHIFT)


class InspectApplication(Celery):  # type: ignore[misc]
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.task(inspect, name=INSPECT)
        self.task(verify, name=VERIFY)


def shift() -> None:
    """A child's stay: train whatever is claimable until nothing is."""
    from gradus_worker.child import this_child

    this_child().shift()


def inspect(question: str) -> None:
    """Answer one question that lies in Redis under `inspect:{question}`."""
    from gradus_worker.inspector import this_inspector

    this_inspector().answer(question)


def verify(question: str) -> None:
    """Train again the run that the question names, and answer whether the weights are the same."""
    from gradus_worker.inspector import this_inspector

    this_inspector().verify(question)


def training_application(settings: Settings) -> Celery:
    return _configured(TrainingApplication("gradus", loader=TrainingLoader), settings)


def inspect_application(settings: Settings) -> Celery:
    return _configured(InspectApplication("gradus", loader=InspectLoader), settings)


def _configured(application: Celery, settings: Settings) -> Celery:
    url = broker_url(settings.redis_url.get_secret_value())
    application.conf.update(CONFIGURATION, broker_url=url)
    return application
