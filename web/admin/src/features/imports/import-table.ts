/** A table chosen by somebody, as it was then: a file that is saved again meanwhile can not be read any more. */
export interface ImportTable {
  name: string;
  /** The bytes as they are; the server finds out their encoding. */
  content: Blob;
  /** Tells two tables of one name apart. */
  id: string;
}

export async function readTable(file: File): Promise<ImportTable> {
  const content = new Blob([await file.arrayBuffer()], { type: "text/csv" });
  return { name: file.name, content, id: `${file.name}|${file.size}|${file.lastModified}` };
}
