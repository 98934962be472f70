"""What is said of runs: states, why they are in them, verdicts, in English.

A status event carries `reason` and `params`; its sentence stands under `reason.{reason}`.
"""

WORDS: dict[str, str] = {
    "status.queued": "waiting for a worker",
    "status.running": "training",
    "status.paused": "paused",
    "status.waiting": "waiting: it goes on by itself",
    "status.finished": "finished",
    "status.failed": "failed",
    "status.stopped": "stopped",
    "reason.diverged": "The loss is no longer a finite number.",
    "reason.diverged.hint": "Lower the learning rate and start again from an earlier step.",
    "reason.oom": "The memory is used up.",
    "reason.oom.hint": "Use smaller batches or a narrower network.",
    "reason.disk": "Nothing can be written to the disk.",
    "reason.disk.hint": "Free some space in the data folder, or let the worker write there; "
    "the run goes on by itself.",
    "reason.memory": "Other runs use the memory now.",
    "reason.memory.hint": "It goes on by itself when there is room.",
    "reason.database": "The database does not answer.",
    "reason.poisoned": "It ended the process that trained it {deaths} times and is not tried again.",
    "reason.stalled": "No step ended for a long time.",
    "reason.error": "Training failed: {message}",
    "reason.stopped": "Somebody stopped it.",
    "reason.goal": "It reached the step that it was asked to reach.",
    "reason.finished": "It trained for all of its epochs.",
    "reason.early_stopped": "It stopped early: {measure} had not improved for {patience} epochs. "
    "The best was {best} at epoch {epoch}.",
    "reason.best_kept": "It trained for all of its epochs and took the weights of epoch {epoch}, "
    "where {measure} was best: {best}.",
    "reason.child_lost": "The process that trained it was lost.",
    "reason.machine_lost": "The machine that trained it was lost.",
    "reason.resumed": "It goes on from its last checkpoint.",
    "reason.damaged_checkpoint": "The last checkpoint is damaged; it goes on from the one before.",
    "reason.shutdown": "Its worker is shutting down; another one goes on.",
    "verdict.diverged": "The loss left the finite numbers at step {step}.",
    "verdict.identity_changed": "Training goes on elsewhere than it began: {what} was {before}, "
    "now it is {now}. From here its numbers may differ in their last digits.",
    "verdict.dead": "{percent} % of the units of {layer} are dead: they answer 0 to everything, "
    "so no gradient reaches them.",
    "verdict.overfit": "Overfitting since step {since}: the validation loss rose from {best} to "
    "{validation} while the training loss fell to {training}.",
    "verdict.rate_climbs": "The learning rate {rate} is too high: the loss is {loss}, the untrained "
    "network had {untrained}.",
    "verdict.rate_jumps": "The learning rate {rate} is too high: each of the last {steps} steps jumped over "
    "the valley, and they hardly became shorter.",
    "verdict.rate_swings": "The learning rate {rate} is too high: for {epochs} epochs the loss has "
    "been swinging between {low} and {high}.",
    "probe": "This picture cannot be drawn: {message}",
}
