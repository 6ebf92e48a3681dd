import { Alert, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

/** Why something was not done; it takes the focus when it comes. */
export function Problems({ of }: { of: readonly string[] }) {
    const { t } = useTranslation();
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => {
        if (of.length > 0) box.current?.focus();
    }, [of]);
    if (of.length === 0) return null;
    return (
        <Alert ref={box} tabIndex={-1} role="alert" color="red" variant="outline" title={t("errors.title")}>
            {of.map((problem) => (
                <Text key={problem} size="sm">
                    {problem}
                </Text>
            ))}
        </Alert>
    );
}
