import { useTranslation } from "react-i18next";

import type { CaseStatus } from "../../gql/graphql";
import styles from "./status.module.css";

/** The statuses in the order in which a case goes through them. */
export const STATUSES: readonly CaseStatus[] = ["NEW", "OPEN", "RESOLVED", "CLOSED", "CANCELED"];

/** Whether nothing can be said on a case any more. */
export function isFinal(status: CaseStatus): boolean {
    return status === "CLOSED" || status === "CANCELED";
}

const COLORS: Record<CaseStatus, string> = {
    NEW: "blue-6",
    OPEN: "orange-6",
    RESOLVED: "green-6",
    CLOSED: "gray-6",
    CANCELED: "gray-4",
};

/** Where a case stands: in a word, and a color beside it. */
export function Status({ status }: { status: CaseStatus }) {
    const { t } = useTranslation();
    return (
        <span className={styles["status"]}>
            <span
                className={styles["dot"]}
                style={{ background: `var(--mantine-color-${COLORS[status]})` }}
                aria-hidden
            />
            {t(`status.${status}`)}
        </span>
    );
}
