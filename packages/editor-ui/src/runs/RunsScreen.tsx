export function RunsScreen() {
  return <h1>RunsScreen</h1>;
}
