package io.logits.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A reader of safetensors files made from their description alone; it shares nothing with the library. */
record Safetensors(int headerBytes, JsonNode header, Map<String, double[]> tensors) {
    static Safetensors read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] json = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(json);
        JsonNode header = new JsonMapper().readTree(new String(json, StandardCharsets.UTF_8));
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, double[]> tensors = new LinkedHashMap<>();
        for (String name : header.propertyNames()) {
            if (!name.equals("__metadata__")) {
                int from = header.get(name).get("data_offsets").get(0).intValue();
                int to = header.get(name).get("data_offsets").get(1).intValue();
                double[] values = new double[(to - from) / 8];
                data.position(from);
                data.asDoubleBuffer().get(values);
                tensors.put(name, values);
            }
        }
        return new Safetensors(json.length, header, tensors);
    }
}
