import { useViewer } from "../../app/session";

/** Tells password managers whose password a form asks for; nobody sees it. */
export function Username() {
    const { user } = useViewer();
    return <input type="text" hidden readOnly autoComplete="username" value={user?.username ?? user?.email ?? ""} />;
}
