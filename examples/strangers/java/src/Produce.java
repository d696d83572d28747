import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends records to a data set's topic: Produce [client.properties] [topic] [key column] [plain | binary | structured], one JSON object per line on standard input.
 * The contract is channel data.project.dataSet of asyncapi.yaml.
 */
public final class Produce {
  public static void main(String[] arguments) throws Exception {
    Properties client = new Properties();
    try (FileReader file = new FileReader(arguments[0], StandardCharsets.UTF_8)) {
      client.load(file);
    }
    client.put("enable.idempotence", "true"); // the broker drops what the client repeats
    String topic = arguments[1];
    String keyColumn = arguments[2];
    List<String> lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines().filter(line -> !line.isBlank()).toList();
    int sent = arguments[3].equals("plain") ? sendPlain(client, topic, keyColumn, lines) : sendEvents(client, topic, keyColumn, lines, Encoding.valueOf(arguments[3].toUpperCase()));
    System.out.println(sent + " records are on " + topic);
  }

  private static int sendPlain(Properties client, String topic, String keyColumn, List<String> lines) throws Exception {
    ObjectMapper json = new ObjectMapper();
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> acks = new ArrayList<>();
      for (String line : lines) {
        JsonNode record = json.readTree(line);
        acks.add(producer.send(new ProducerRecord<>(topic, record.get(keyColumn).asText(), line.getBytes(StandardCharsets.UTF_8))));
      }
      for (Future<RecordMetadata> ack : acks) ack.get();
    }
    return lines.size();
  }

  private static int sendEvents(Properties client, String topic, String keyColumn, List<String> lines, Encoding mode) throws Exception {
    ObjectMapper json = new ObjectMapper();
    CloudEventSerializer serializer = new CloudEventSerializer();
    Map<String, ?> asked = mode == Encoding.BINARY
        ? Map.of(CloudEventSerializer.ENCODING_CONFIG, mode)
        : Map.of(CloudEventSerializer.ENCODING_CONFIG, mode, CloudEventSerializer.EVENT_FORMAT_CONFIG, JsonFormat.CONTENT_TYPE);
    serializer.configure(asked, false);
    try (KafkaProducer<String, CloudEvent> producer = new KafkaProducer<>(client, new StringSerializer(), serializer)) {
      List<Future<RecordMetadata>> acks = new ArrayList<>();
      for (String line : lines) {
        String key = json.readTree(line).get(keyColumn).asText();
        CloudEvent event = CloudEventBuilder.v1()
            .withId(UUID.randomUUID().toString())
            .withSource(URI.create("/strangers/java"))
            .withType("strangers.record.v1")
            .withTime(OffsetDateTime.now())
            .withData("application/json", line.getBytes(StandardCharsets.UTF_8))
            .build();
        acks.add(producer.send(new ProducerRecord<>(topic, key, event)));
      }
      for (Future<RecordMetadata> ack : acks) ack.get();
    }
    return lines.size();
  }
}
