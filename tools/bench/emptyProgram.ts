/** What an engine needs for a program that does nothing: the yardstick for one that does something. */
export default async function program() {
  return {};
}
