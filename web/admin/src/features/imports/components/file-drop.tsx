import { type ChangeEvent, type DragEvent, type ReactNode, useState } from "react";
import { Brackets } from "@/components/brackets";
import { droppedFiles } from "../dropped-files";
import classes from "./import.module.css";

interface FileDropProps {
  id: string;
  label: string;
  accept?: string;
  multiple?: boolean;
  onFiles: (files: File[]) => void;
  testId: string;
  children: ReactNode;
}

/** A place to drop files or a folder; clicking it, or Enter, opens the system's file dialog. */
export function FileDrop({ id, label, onFiles, testId, children, ...input }: FileDropProps) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(onFiles);
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    onFiles([...(event.currentTarget.files ?? [])]);
    event.currentTarget.value = "";
  };
  return (
    <label
      className={classes.drop}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Brackets tone={over ? "coral" : "quiet"} inset="0.75rem" />
      <input
        id={id}
        type="file"
        className="visually-hidden"
        aria-label={label}
        onChange={choose}
        data-testid={testId}
        {...input}
      />
      {children}
    </label>
  );
}
