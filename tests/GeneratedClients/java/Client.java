import com.fasterxml.jackson.core.JsonProcessingException;
import generated.ApiClient;
import generated.ApiException;
import generated.ApiResponse;
import generated.api.ChangesApi;
import generated.api.MirrorApi;
import generated.api.ProvincesApi;
import generated.api.SearchApi;
import generated.api.SourcesApi;
import generated.model.*;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.LocalDate;
import java.util.*;
import java.util.function.Consumer;

/** Runs the scenario of all generated clients with the Java client. */
public final class Client {
  private static final String RECORD_ID = "java-client";

  private final ApiClient client;
  private final ApiClient patchClient;

  private Client(String url, String key) {
    client = createClient(url, request -> request.setHeader("Authorization", "Bearer " + key));
    // The generated client sends each body as application/json.
    patchClient = createClient(url, client.getRequestInterceptor()
        .andThen(request -> request.setHeader("Content-Type", "application/merge-patch+json")));
  }

  private static ApiClient createClient(String url, Consumer<HttpRequest.Builder> interceptor) {
    var uri = URI.create(url);
    return new ApiClient().setScheme(uri.getScheme()).setHost(uri.getHost()).setPort(uri.getPort()).setRequestInterceptor(interceptor);
  }

  public static void main(String[] arguments) throws ApiException, JsonProcessingException {
    var client = new Client(System.getenv("COOPERATION_URL"), System.getenv("COOPERATION_KEY"));
    try {
      client.listProvinces();
      client.getProvince();
      client.search();
      client.sendInvalidParameter();
      client.createUpdateAndDeleteSource();
      client.readFeed();
    } catch (ExpectationException failure) {
      System.err.println("Java client: " + failure.getMessage());
      System.exit(1);
    }
  }

  private void listProvinces() throws ApiException {
    var provinces = new ProvincesApi(client);
    var ids = new HashSet<String>();
    Long total;
    String cursor = null;
    do {
      var page = listProvinces(provinces, 10, cursor);
      for (var province : page.getItems())
        ensureEqual(true, ids.add(province.getId()), province.getId() + " is listed once:");
      total = page.getTotal();
      cursor = page.getNext();
    } while (cursor != null);
    ensureEqual(total, Long.valueOf(ids.size()), "The number of listed provinces");
  }

  private static ProvincePage listProvinces(ProvincesApi provinces, int limit, String cursor) throws ApiException {
    return provinces.listProvinces(
        null, null, null, null, null, null, null, null, null, null, limit, cursor, true, null, null, null, null, null, null);
  }

  private void getProvince() throws ApiException {
    var provinces = new ProvincesApi(client);
    var response = provinces.getProvinceWithHttpInfo("thai-binh", null, null, null, null, null, null);
    var province = response.getData();
    ensureEqual("Thái Bình", province.getName(), "The name of thai-binh");
    ensureEqual(LocalDate.of(2025, 6, 30), province.getValidTo(), "The last day of thai-binh");
    ensureEqual(ProvinceKind.PROVINCE, province.getKind(), "The kind of thai-binh");

    // The generated client throws an exception for each status without success, also for 304.
    var exception = ensureThrows(() -> provinces.getProvince("thai-binh", null, null, null, null, getETag(response), null),
        "A conditional request");
    ensureEqual(304, exception.getCode(), "The status of a conditional request");
  }

  private void search() throws ApiException {
    var page = new SearchApi(client).searchRecords(
        "tỉnh Thái Bình", List.of(RecordType.PROVINCES), null, null, null, null, null, null, null, null, null, null, null);
    var hit = page.getItems().get(0);
    ensureEqual("thai-binh", hit.getId(), "The first search result");
    ensureEqual("Thái Bình", hit.getTitle(), "The title of the first search result");
  }

  private void sendInvalidParameter() throws JsonProcessingException {
    var exception = ensureThrows(() -> listProvinces(new ProvincesApi(client), 0, null), "limit=0");
    ensureEqual(400, exception.getCode(), "The status of limit=0");
    var error = readProblem(exception).getErrors().get(0);
    ensureEqual("out_of_range", error.getCode(), "The code of the error");
    ensureEqual("limit", error.getParameter(), "The parameter of the error");
  }

  private void createUpdateAndDeleteSource() throws ApiException, JsonProcessingException {
    var sources = new SourcesApi(client);
    var input = new SourceInput().id(RECORD_ID).kind(SourceKind.PRESS).title("Bài báo").publisher("Báo Thái Bình").language("vi");
    var created = sources.replaceSourceWithHttpInfo(RECORD_ID, input, null, null, "*", null, null);
    ensureEqual(201, created.getStatusCode(), "The status of the creation");

    var updated = new SourcesApi(patchClient).updateSourceWithHttpInfo(RECORD_ID, getETag(created),
        new SourcePatch().title("Bài báo đã sửa"), null, null, null);
    ensureEqual("Bài báo đã sửa", updated.getData().getTitle(), "The title after the update");
    ensureEqual("Báo Thái Bình", updated.getData().getPublisher(), "The publisher after the update");

    sources.deleteSource(RECORD_ID, getETag(updated), null, null);
    var exception = ensureThrows(() -> sources.getSource(RECORD_ID, null, null, null, null), "A request of the deleted source");
    ensureEqual(410, exception.getCode(), "The status of the deleted source");
    ensureEqual("record_deleted", readProblem(exception).getCode(), "The code of the problem of the deleted source");
  }

  private void readFeed() throws ApiException {
    var changes = new ChangesApi(client);
    var idsByType = new HashMap<String, Set<String>>();
    Long revision = null;
    ChangePage page;
    String cursor = null;
    do {
      page = changes.listChanges(null, null, 100, cursor, null, null, null);
      for (var change : page.getItems()) {
        var ids = idsByType.computeIfAbsent(change.getType(), type -> new HashSet<>());
        if (change.getOp() == ChangeOp.UPSERT) {
          ensureEqual(change.getId(), getDataId(change), "The id in the data of " + change.getType() + "/" + change.getId());
          ids.add(change.getId());
        } else {
          ids.remove(change.getId());
        }
        revision = change.getRevision();
      }
      cursor = page.getNext();
    } while (page.getMore());

    ensureEqual(changes.getChangeHead(null, null, null, null).getRevision(), revision, "The revision at the end of the feed");
    for (var type : new MirrorApi(client).getMirrorDigest(null, null, null, null).getTypes())
      ensureEqual(type.getRows(), Long.valueOf(idsByType.get(type.getType()).size()), "The number of " + type.getType() + " in the feed");
  }

  private static String getDataId(Change change) {
    if (change instanceof ProvinceChange province) return province.getData().getId();
    if (change instanceof OrganizationChange organization) return organization.getData().getId();
    if (change instanceof OfficialChange official) return official.getData().getId();
    if (change instanceof MeetingChange meeting) return meeting.getData().getId();
    if (change instanceof AgreementChange agreement) return agreement.getData().getId();
    if (change instanceof CooperationGroupChange group) return group.getData().getId();
    if (change instanceof CommitmentChange commitment) return commitment.getData().getId();
    if (change instanceof ResultChange result) return result.getData().getId();
    if (change instanceof IndicatorChange indicator) return indicator.getData().getId();
    if (change instanceof StatementChange statement) return statement.getData().getId();
    if (change instanceof SourceChange source) return source.getData().getId();
    return null;
  }

  private static String getETag(ApiResponse<?> response) {
    return response.getHeaders().get("ETag").get(0);
  }

  /** Reads the problem document of an exception, which has the response body as text. */
  private Problem readProblem(ApiException exception) throws JsonProcessingException {
    return client.getObjectMapper().readValue(exception.getResponseBody(), Problem.class);
  }

  private static void ensureEqual(Object expected, Object actual, String subject) {
    if (!Objects.equals(expected, actual))
      throw new ExpectationException(subject + " is '" + actual + "', expected '" + expected + "'.");
  }

  private static ApiException ensureThrows(Action action, String subject) {
    try {
      action.run();
    } catch (ApiException exception) {
      return exception;
    }
    throw new ExpectationException(subject + " succeeds, expected an error.");
  }

  private interface Action {
    void run() throws ApiException;
  }

  private static final class ExpectationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ExpectationException(String message) {
      super(message);
    }
  }
}
