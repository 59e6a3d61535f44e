package io.logits.features;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The components of a record as values by name. */
final class RecordValues {
    private RecordValues() {}

    static Map<String, @Nullable Object> of(Record row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (RecordComponent component : row.getClass().getRecordComponents()) {
            values.put(component.getName(), value(component, row));
        }
        return values;
    }

    private static @Nullable Object value(RecordComponent component, Record row) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(row);
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    row.getClass().getName() + " cannot be read from here: open its package to io.logits.core", e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "component '" + component.getName() + "' of "
                            + row.getClass().getName() + " cannot be read",
                    e.getCause());
        }
    }
}
