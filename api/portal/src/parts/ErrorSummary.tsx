import { Alert, Anchor, List } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { FormErrors } from "./formErrors";

/**
 * What keeps a form from being taken, above it. It takes the focus when it comes, and leads to the fields (WCAG 2.2, 3.3.1).
 *
 * A field is found by its `id`, which is `prefix` and its name; `labels` are what fields are called on the page.
 */
export function ErrorSummary({
    errors,
    labels,
    prefix = "",
}: {
    errors: FormErrors;
    labels: Record<string, string>;
    prefix?: string;
}) {
    const { t } = useTranslation();
    const summary = useRef<HTMLDivElement>(null);
    const fields = Object.entries(errors.fields);
    const some = fields.length + errors.general.length > 0;
    useEffect(() => {
        if (some) summary.current?.focus();
    }, [some, errors]);
    if (!some) return null;
    return (
        <Alert
            ref={summary}
            tabIndex={-1}
            role="alert"
            color="red"
            variant="outline"
            icon={<IconAlertCircle aria-hidden />}
            title={t("errors.title")}
        >
            <List size="sm">
                {errors.general.map((message) => (
                    <List.Item key={message}>{message}</List.Item>
                ))}
                {fields.map(([name, message]) => (
                    <List.Item key={name}>
                        <Anchor
                            inherit
                            href={`#${prefix}${name}`}
                            onClick={(event) => {
                                event.preventDefault();
                                document.getElementById(prefix + name)?.focus();
                            }}
                        >
                            {labels[name] ?? name}
                        </Anchor>
                        : {message}
                    </List.Item>
                ))}
            </List>
        </Alert>
    );
}
