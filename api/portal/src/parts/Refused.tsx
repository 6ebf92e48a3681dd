import { Alert } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

/** Says why something was not done; it takes the focus when it comes, and again when it says something else. */
export function Refused({ why, children }: { why: unknown; children: ReactNode }) {
    const { t } = useTranslation();
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => box.current?.focus(), [why]);
    return (
        <Alert ref={box} tabIndex={-1} role="alert" color="red" variant="outline" title={t("errors.title")}>
            {children}
        </Alert>
    );
}
