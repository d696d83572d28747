import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.File;
import java.io.FileReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads lifecycle events by the AsyncAPI document alone: Subscribe [client.properties] [asyncapi.yaml] [group] [number of events] [topic prefix or -] [topic]...
 * Prints each event as a line of JSON with what its headers, key and payload have wrong against the document; ends after that many events, or after 20 s without one.
 */
public final class Subscribe {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  private final JsonNode contract;
  private final Map<String, JsonSchema> schemas = new HashMap<>();

  private Subscribe(JsonNode contract) {
    this.contract = contract;
  }

  public static void main(String[] arguments) throws Exception {
    Properties client = new Properties();
    try (FileReader file = new FileReader(arguments[0], StandardCharsets.UTF_8)) {
      client.load(file);
    }
    client.put("group.id", arguments[2]);
    client.put("auto.offset.reset", "earliest");
    client.put("enable.auto.commit", "false");
    String prefix = arguments[4].equals("-") ? "" : arguments[4];
    List<String> topics = Arrays.stream(arguments).skip(5).map(topic -> prefix + topic).toList();
    new Subscribe(new YAMLMapper().readTree(new File(arguments[1]))).read(client, topics, prefix, Integer.parseInt(arguments[3]));
  }

  private void read(Properties client, List<String> topics, String prefix, int count) throws Exception {
    try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(client, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(topics);
      int seen = 0;
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (seen < count && System.nanoTime() < deadline) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          System.out.println(JSON.writeValueAsString(reportOf(record, prefix)));
          seen++;
          deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        }
        consumer.commitSync(); // behind what was printed: a killed subscriber reads it again
      }
    }
  }

  private ObjectNode reportOf(ConsumerRecord<String, byte[]> record, String prefix) throws Exception {
    ObjectNode headers = JSON.createObjectNode();
    for (Header header : record.headers()) headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
    String type = headers.path("ce_type").asText();
    JsonNode payload = JSON.readTree(record.value());
    ObjectNode report = JSON.createObjectNode().put("topic", record.topic().substring(prefix.length())).put("key", record.key()).put("type", type);
    report.put("id", headers.path("ce_id").asText()).set("data", payload);
    report.putPOJO("wrong", flawsOf(record.topic().substring(prefix.length()), type, record.key(), headers, payload));
    return report;
  }

  private List<String> flawsOf(String topic, String type, String key, ObjectNode headers, JsonNode payload) {
    if (!isOnChannel(topic, type)) return List.of(type + " is no message of " + topic);
    String message = "/components/messages/" + type;
    Stream<String> ofKey = headers.path("ce_subject").asText().equals(key) ? Stream.empty() : Stream.of("the key is not the subject");
    return Stream.of(ofKey, wrong(message + "/headers", headers), wrong(message + "/payload", payload)).flatMap(flaws -> flaws).toList();
  }

  private boolean isOnChannel(String topic, String type) {
    for (JsonNode channel : contract.path("channels")) if (channel.path("address").asText().equals(topic)) return channel.path("messages").has(type);
    return false;
  }

  private Stream<String> wrong(String pointer, JsonNode value) {
    JsonSchema schema = schemas.computeIfAbsent(pointer, this::schemaAt);
    Set<ValidationMessage> flaws = schema.validate(value, context -> context.getExecutionConfig().setFormatAssertionsEnabled(true));
    return flaws.stream().map(ValidationMessage::getMessage);
  }

  private JsonSchema schemaAt(String pointer) {
    ObjectNode schema = JSON.createObjectNode().put("$ref", "#" + pointer);
    schema.set("components", contract.path("components"));
    return SCHEMAS.getSchema(schema);
  }
}
