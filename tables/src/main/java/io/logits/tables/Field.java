package io.logits.tables;

/**
 * A column of the table as it is read.
 *
 * @param name as it is written
 * @param sql what the relation calls it, quoted
 * @param kind what it holds
 * @param type the type as DuckDB calls it, for messages
 */
record Field(String name, String sql, Kind kind, String type) {
    /** What a column holds. */
    enum Kind {
        NUMBER,
        FLAG,
        TEXT,
        TIME,
        OTHER
    }

    /** Of a column with a DuckDB type. */
    static Field of(String name, String type) {
        return new Field(name, Session.identifier(name), kind(type), type);
    }

    /** A column without any value, of type NULL, is as good as numbers. */
    private static Kind kind(String type) {
        String head = type.split("[ (\\[]", 2)[0];
        if (type.endsWith("]")) {
            return Kind.OTHER;
        }
        return switch (head) {
            case "TINYINT",
                    "SMALLINT",
                    "INTEGER",
                    "BIGINT",
                    "HUGEINT",
                    "UTINYINT",
                    "USMALLINT",
                    "UINTEGER",
                    "UBIGINT",
                    "UHUGEINT",
                    "FLOAT",
                    "DOUBLE",
                    "DECIMAL",
                    "\"NULL\"" -> Kind.NUMBER;
            case "BOOLEAN" -> Kind.FLAG;
            case "VARCHAR", "UUID", "ENUM" -> Kind.TEXT;
            case "DATE", "TIME", "TIME_NS", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "INTERVAL" ->
                Kind.TIME;
            default -> Kind.OTHER;
        };
    }

    /** Whether the column was left without a name. */
    boolean nameless() {
        return name.isEmpty();
    }

    Field withKind(Kind newKind, String newType) {
        return new Field(name, sql, newKind, newType);
    }
}
