export function SetupScreen() {
  return <h1>SetupScreen</h1>;
}
