import { Button, CopyButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./secret-once.module.css";

interface SecretOnceProps {
  secret: string;
  words: string;
  doneLabel: string;
  onDone: () => void;
}

/** A secret that is shown this once: to be copied and kept elsewhere. */
export function SecretOnce({ secret, words, doneLabel, onDone }: SecretOnceProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.frame}>
      <p>{words}</p>
      <code className={classes.secret} data-testid="secret">
        {secret}
      </code>
      <div className={classes.actions}>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button onClick={copy}>{t(copied ? "common.copied" : "common.copy")}</Button>
          )}
        </CopyButton>
        <Button variant="filled" onClick={onDone}>
          {doneLabel}
        </Button>
      </div>
    </div>
  );
}
