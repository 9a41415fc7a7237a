import { Skeleton } from "@mantine/core";
import classes from "@/components/page.module.css";

/** The shape of a page while its code arrives. */
export function PendingScreen() {
  return (
    <div className={classes.page} aria-busy="true">
      <Skeleton height={18} width={110} mb={18} />
      <Skeleton height={48} width="min(60%, 26rem)" mb={48} />
      <Skeleton height={320} radius="lg" />
    </div>
  );
}
