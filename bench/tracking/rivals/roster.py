"""Which rivals run beside our engine."""

from bench.tracking.rivals.mindar.rival import MindarRival
from bench.tracking.rivals.opencv.pipeline import OpencvRival
from bench.tracking.rivals.replay import Replay, RivalRunner


class Roster:
    """The rivals' runners; replayed from records where these fit, unless `fresh`."""

    def __init__(self, *, fresh: bool = False) -> None:
        self._replays = [Replay(rival, fresh=fresh) for rival in (MindarRival(), OpencvRival())]
        self.runners = [
            RivalRunner(replay, name) for replay in self._replays for name in replay.rival.names
        ]

    def footnotes(self) -> list[str]:
        """One line for each rival whose reports, times too, come from earlier days or runs."""
        return [
            f"{', '.join(replay.rival.names)}: {replay.replayed_films} of {replay.films} films replayed "
            f"from records of {', '.join(sorted(replay.replayed))}; --fresh runs them anew."
            for replay in self._replays
            if replay.replayed
        ]

    def close(self) -> None:
        """End what the rivals hold open."""
        for replay in self._replays:
            replay.rival.close()
