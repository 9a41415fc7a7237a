import { StoredImage } from "@/components/stored-image";
import classes from "./poster.module.css";

/** What the schedule needs to know of a video. */
export interface VideoFace {
  id: string;
  name: string;
  poster_url: string | null;
  /** Null while nothing of it can be played. */
  url: string | null;
}

/** The first picture of a video, small; an empty frame where there is none. */
export function Poster({ video }: { video: VideoFace | undefined }) {
  return (
    <span className={classes.poster}>
      {video?.poster_url && <StoredImage src={video.poster_url} alt="" />}
    </span>
  );
}
