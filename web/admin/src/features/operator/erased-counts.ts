/** What a report of an erasure counts; what it does not say is 0. */
export function erasedCounts(report: Record<string, unknown>) {
  const count = (name: string) => (typeof report[name] === "number" ? report[name] : 0);
  return { files: count("files"), bytes: count("bytes"), people: count("people") };
}
