namespace CooperationApi.Http.Problems;

/// <summary>The explanation of a problem code for people: the status, the cause, the cure and the arguments of an example.</summary>
internal sealed record ProblemGuide(int Status, LocalizedText Cause, LocalizedText Cure, params object[] ExampleArguments)
{
    /// <summary>The request errors of the example.</summary>
    public IReadOnlyList<RequestError> ExampleErrors { get; init; } = [];
}

/// <summary>The explanations of all problem codes in English and Vietnamese.</summary>
internal static class ProblemGuides
{
    /// <summary>The trace id of examples.</summary>
    public const string ExampleTraceId = "0af7651916cd43dd8448eb211c80319c";

    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    private static readonly LocalizedText RetryLater = new(
        "Repeat the same request after the number of seconds in the header Retry-After.",
        "Hãy gửi lại đúng yêu cầu đó sau số giây nêu trong tiêu đề HTTP Retry-After.");

    private static readonly LocalizedText ReplaceCopy = new(
        "Replace the copy with the latest export at /v1/exports/latest, then continue with the cursor in its manifest. The tool "
        + "cooperation-sync does this itself.",
        "Hãy thay bản sao bằng bản xuất mới nhất tại /v1/exports/latest, rồi tiếp tục từ con trỏ ghi trong đó. Công cụ cooperation-sync tự "
        + "thực hiện các bước này.");

    private static readonly LocalizedText AskForKey = new(
        "Ask the operator of the service or an Admin for a new key.",
        "Hãy đề nghị người vận hành dịch vụ hoặc quản trị viên (Admin) cấp khóa mới.");

    private static readonly LocalizedText StartWithLatestExport = new(
        "Read /v1/exports/latest and download the files that it lists.",
        "Hãy đọc /v1/exports/latest và tải các tệp được liệt kê ở đó.");

    private static readonly Dictionary<string, ProblemGuide> Guides = new()
    {
        ["invalid_request"] = new(400,
            new("A parameter or the body of the request breaks a rule of the contract, for example by an unknown name or a value out of "
                + "range.",
                "Một tham số hoặc nội dung của yêu cầu trái với quy định của API, ví dụ tên không có trong tài liệu hoặc giá trị ngoài "
                + "giới hạn."),
            new("Correct each place that `errors` names: `parameter` is a parameter of the URL, `pointer` a place in the body, "
                + "`suggestion` the probable value.",
                "Hãy sửa từng chỗ nêu trong `errors`: `parameter` là tham số của URL, `pointer` là vị trí trong nội dung, `suggestion` "
                + "là giá trị có lẽ đúng."),
            1, 1)
        {
            ExampleErrors =
                [RequestError.NotOneOf("unknown_parameter", "provnceId", ["provinceId", "kind"]) with { Parameter = "provnceId" }],
        },
        ["not_found"] = new(404,
            new("The address of the request is not one of the service.", "Địa chỉ được yêu cầu không có trong dịch vụ."),
            new("Compare the address with the OpenAPI document at /v1/openapi.json. All addresses are in lower case.",
                "Hãy đối chiếu địa chỉ với tài liệu OpenAPI tại /v1/openapi.json. Mọi địa chỉ đều viết bằng chữ thường."),
            "/v1/meeting"),
        ["record_not_found"] = new(404,
            new("No record of this type has ever had this id.", "Chưa từng có bản ghi nào thuộc loại này mang mã định danh đó."),
            new("Find the id with the search, /v1/search?q=…, or in the list of the type. `suggestion` has a similar id if there is one.",
                "Hãy tìm mã định danh bằng /v1/search?q=… hoặc trong danh sách của loại bản ghi. Nếu có mã gần giống, `suggestion` nêu "
                + "mã đó."),
            "meetings", "hoi-nghi"),
        ["not_in_force"] = new(404,
            new("The province unit did not exist on the date in the parameter `at`.",
                "Đơn vị hành chính không tồn tại vào ngày ghi trong tham số `at`."),
            new("Read the unit without `at`: validFrom and validTo are its first and last day, and successors the later units.",
                "Hãy đọc đơn vị mà không kèm `at`: validFrom và validTo là ngày đầu và ngày cuối, successors là các đơn vị kế tiếp."),
            "thai-binh", new DateOnly(2026, 1, 1)),
        ["record_deleted"] = new(410,
            new("An editor deleted the record.", "Biên tập viên đã xóa bản ghi."),
            new("Delete the record in your copy. The former versions of the record remain at its address with /revisions.",
                "Hãy xóa bản ghi trong bản sao của bạn. Các phiên bản trước vẫn đọc được tại địa chỉ của bản ghi kèm /revisions."),
            "meetings", "hoi-nghi", ExampleTime, "deleted"),
        ["record_merged"] = new(410,
            new("The record described the same thing as another one, so an editor merged them.",
                "Bản ghi trùng nội dung với một bản ghi khác nên biên tập viên đã hợp nhất hai bản ghi."),
            new("Use the record that `detail` names as the target.", "Hãy dùng bản ghi đích nêu trong `detail`."),
            "meetings", "hoi-nghi", ExampleTime, "hoi-nghi-2019"),
        ["record_redacted"] = new(410,
            new("The record was removed for good, for example because of personal data.",
                "Bản ghi đã bị xóa vĩnh viễn, ví dụ vì có dữ liệu cá nhân."),
            new("Delete the record and its former versions in all copies and files that you keep.",
                "Hãy xóa bản ghi cùng các phiên bản trước trong mọi bản sao và tệp mà bạn đang lưu."),
            "officials", "nguyen-van-a", ExampleTime, "Personal data."),
        ["merge_with_itself"] = new(400,
            new("Both ids of the merge are the same.", "Hai mã định danh của lệnh hợp nhất là một."),
            new("Send the id of the record that remains as the second id.", "Hãy ghi mã của bản ghi được giữ lại ở vị trí thứ hai."),
            "meetings", "hoi-nghi"),
        ["merge_conflict"] = new(409,
            new("Other records refer to the record, and would break a rule if they referred to the target.",
                "Có bản ghi khác tham chiếu tới bản ghi này và sẽ trái quy định nếu chuyển sang tham chiếu bản ghi đích."),
            new("Correct the records in `errors`, then merge again.", "Hãy sửa các bản ghi nêu trong `errors` rồi hợp nhất lại."),
            "meetings", "hoi-nghi", "hoi-nghi-2019"),
        ["range_not_satisfiable"] = new(416,
            new("The first byte in the header Range is after the end of the file.",
                "Byte đầu tiên trong tiêu đề HTTP Range nằm sau cuối tệp."),
            new("Compare the size of your part with the size in Content-Range. If they are equal, the file is complete.",
                "Hãy so kích thước phần đã tải với kích thước trong Content-Range. Nếu bằng nhau thì tệp đã đủ.")),
        ["export_not_found"] = new(404,
            new("The operator has disabled the daily export, and no export was built.",
                "Người vận hành đã tắt việc xuất dữ liệu hằng ngày và chưa có bản xuất nào."),
            new("Read all changes from /v1/changes instead.", "Hãy đọc toàn bộ thay đổi từ /v1/changes.")),
        ["export_being_built"] = new(503,
            new("The service builds its first export of the current store.", "Dịch vụ đang tạo bản xuất đầu tiên của kho dữ liệu hiện "
                + "tại."),
            RetryLater),
        ["export_expired"] = new(410,
            new("Exports are kept for some days only, and are removed after a restore of the store.",
                "Bản xuất chỉ được lưu một số ngày và bị bỏ sau khi kho dữ liệu được khôi phục."),
            StartWithLatestExport, "5f0c2b9a41d7-203"),
        ["export_withdrawn"] = new(410,
            new("A record in the export was redacted, so the files were removed.",
                "Một bản ghi trong bản xuất đã bị xóa vĩnh viễn nên các tệp đã bị thu hồi."),
            StartWithLatestExport, "5f0c2b9a41d7-203"),
        ["revision_expired"] = new(410,
            new("The operator keeps former versions for a limited time only.", "Người vận hành chỉ lưu các phiên bản trước trong một "
                + "thời gian."),
            new("Read the oldest available version, which `detail` names, or the current one.",
                "Hãy đọc phiên bản cũ nhất còn được lưu, nêu trong `detail`, hoặc phiên bản hiện tại."),
            "meetings", "hoi-nghi", 12, 203),
        ["record_not_yet_created"] = new(404,
            new("The parameter `revision` is before the first version of the record.",
                "Tham số `revision` nhỏ hơn phiên bản đầu tiên của bản ghi."),
            new("Read the versions of the record at its address with /revisions.", "Hãy đọc các phiên bản của bản ghi tại địa chỉ kèm "
                + "/revisions."),
            "meetings", "hoi-nghi", 12),
        ["epoch_changed"] = new(410,
            new("The operator restored the store from a backup, so revisions have a new meaning.",
                "Người vận hành đã khôi phục kho dữ liệu từ bản sao lưu nên số phiên bản được đánh lại."),
            ReplaceCopy, "5f0c2b9a41d7", "8a1d03c7e2b4"),
        ["cursor_ahead"] = new(410,
            new("The cursor is from changes that this store does not have, for example those of another instance.",
                "Con trỏ thuộc về những thay đổi mà kho dữ liệu này không có, ví dụ của một máy chủ khác."),
            ReplaceCopy, 250, 203),
        ["cursor_expired"] = new(410,
            new("The copy was not updated for longer than the service keeps changes.",
                "Bản sao không được cập nhật trong thời gian dài hơn thời gian dịch vụ lưu các thay đổi."),
            ReplaceCopy, 12, 203),
        ["precondition_required"] = new(428,
            new("The write has no precondition, so it could overwrite the change of another editor.",
                "Yêu cầu ghi không kèm điều kiện tiên quyết nên có thể ghi đè thay đổi của người khác."),
            new("Send the ETag of the record as last read in If-Match, or If-None-Match: * for a new record.",
                "Hãy gửi ETag của lần đọc gần nhất trong If-Match, hoặc If-None-Match: * với bản ghi mới.")),
        ["precondition_invalid"] = new(400,
            new("The header is neither * nor a list of entity tags.", "Tiêu đề HTTP không phải là * hoặc danh sách ETag."),
            new("Send the value of ETag unchanged, with its quotation marks.", "Hãy gửi nguyên giá trị ETag, kể cả dấu ngoặc kép."),
            "If-Match"),
        ["precondition_failed"] = new(412,
            new("Another write changed the record since you read it, or the record exists already.",
                "Bản ghi đã được người khác thay đổi sau lần đọc của bạn, hoặc đã tồn tại."),
            new("Read the record again, apply your change to it, and send it with the new ETag.",
                "Hãy đọc lại bản ghi, áp dụng thay đổi của bạn rồi gửi kèm ETag mới."),
            "meetings", "hoi-nghi"),
        ["still_referenced"] = new(409,
            new("Other records refer to the record that you want to delete.", "Có bản ghi khác đang tham chiếu tới bản ghi cần xóa."),
            new("Change or delete the records in `errors` first. For a duplicate, merge the record instead.",
                "Trước tiên hãy sửa hoặc xóa các bản ghi nêu trong `errors`. Nếu là bản ghi trùng, hãy hợp nhất."),
            "meetings", "hoi-nghi", 2),
        ["import_conflict"] = new(409,
            new("The bundle has other content for records that exist.", "Gói dữ liệu có nội dung khác với các bản ghi đã có."),
            new("Compare the records in `errors`. Import with onConflict=keep to leave them, or onConflict=replace to replace them.",
                "Hãy đối chiếu các bản ghi nêu trong `errors`. Nhập với onConflict=keep để giữ nguyên, hoặc onConflict=replace để thay "
                + "thế."),
            2),
        ["quote_mismatch"] = new(409,
            new("The text of the source does not have the quotes of citations at their offsets.",
                "Văn bản nguồn không có các trích dẫn tại vị trí đã ghi."),
            new("Send the text from which the quotes are, or correct the citations in `errors` first.",
                "Hãy gửi đúng văn bản đã trích dẫn, hoặc trước tiên sửa các trích dẫn nêu trong `errors`."),
            "sources", "bai-bao", 2),
        ["method_not_allowed"] = new(405,
            new("The address exists, but not with this method.", "Địa chỉ có trong dịch vụ nhưng không dùng được với phương thức này."),
            new("Use a method in the header Allow.", "Hãy dùng một phương thức nêu trong tiêu đề HTTP Allow."),
            "DELETE"),
        ["not_acceptable"] = new(406,
            new("The header Accept excludes all formats of the address.", "Tiêu đề HTTP Accept loại trừ mọi định dạng của địa chỉ."),
            new("Remove the header, or add one of the formats that `detail` names.",
                "Hãy bỏ tiêu đề này hoặc thêm một định dạng nêu trong `detail`."),
            "application/json"),
        ["payload_too_large"] = new(413,
            new("The body of the request is longer than the operation accepts.", "Nội dung gửi lên dài hơn mức thao tác này cho phép."),
            new("Send fewer records per request. Bundles of any size can be imported as NDJSON.",
                "Hãy gửi ít bản ghi hơn mỗi lần. Gói dữ liệu lớn có thể nhập bằng NDJSON.")),
        ["unsupported_media_type"] = new(415,
            new("The body has a format that the operation does not read, or another charset than UTF-8.",
                "Nội dung có định dạng mà thao tác không đọc được hoặc không dùng bảng mã UTF-8."),
            new("Set Content-Type to a format that `detail` names.", "Hãy đặt Content-Type là một kiểu nêu trong `detail`."),
            "application/json"),
        ["unsupported_encoding"] = new(415,
            new("The body of the request is compressed.", "Nội dung gửi lên đã được nén."),
            new("Send the body without compression.", "Hãy gửi nội dung không nén.")),
        ["request_timeout"] = new(408,
            new("The body arrived too slowly, for example through a bad connection.",
                "Nội dung được gửi quá chậm, ví dụ do đường truyền kém."),
            new("Send the request again. Divide a large bundle into several.", "Hãy gửi lại yêu cầu. Chia gói dữ liệu lớn thành nhiều "
                + "gói.")),
        ["processing_timeout"] = new(503,
            new("The request needs more time than the service grants to one request.",
                "Yêu cầu cần nhiều thời gian hơn mức dịch vụ dành cho mỗi yêu cầu."),
            new("Ask for a smaller page or fewer filters, without `expand`. For the whole data set, use an export.",
                "Hãy yêu cầu trang nhỏ hơn, ít bộ lọc hơn và không dùng `expand`. Nếu cần toàn bộ dữ liệu, hãy dùng bản xuất."),
            10),
        ["too_many_requests"] = new(429,
            new("More requests arrived from your address or with your key than the operator permits per minute.",
                "Số yêu cầu mỗi phút từ địa chỉ hoặc khóa của bạn vượt mức người vận hành cho phép."),
            RetryLater),
        ["too_many_failed_attempts"] = new(429,
            new("Many requests with invalid keys or tokens arrived from your address.",
                "Địa chỉ của bạn đã gửi nhiều yêu cầu với khóa API hoặc token không hợp lệ."),
            new("Stop the program with the invalid key, correct the key, and retry after the time in Retry-After.",
                "Hãy dừng chương trình dùng khóa sai, sửa khóa rồi thử lại sau thời gian nêu trong Retry-After.")),
        ["key_in_url"] = new(400,
            new("The URL contains an API key, and URLs are stored in many places.", "URL có khóa API, mà URL được lưu ở nhiều nơi."),
            new("Have the key revoked if it is real, and send the new one in the header Authorization.",
                "Nếu là khóa thật, hãy yêu cầu thu hồi, rồi gửi khóa mới trong tiêu đề HTTP Authorization.")),
        ["key_missing"] = new(401,
            new("The operation, or reading in this service, requires an API key.", "Thao tác này hoặc việc đọc dữ liệu của dịch vụ cần "
                + "có khóa API."),
            AskForKey),
        ["key_invalid"] = new(401,
            new("The key is incomplete, mistyped or of another service.", "Khóa bị thiếu, gõ sai hoặc thuộc dịch vụ khác."),
            new("Copy the whole key, which begins with coop_, into the header Authorization: Bearer <key>.",
                "Hãy chép đầy đủ khóa, bắt đầu bằng coop_, vào tiêu đề HTTP Authorization: Bearer <khóa>.")),
        ["key_revoked"] = new(401,
            new("An Admin revoked the key.", "Quản trị viên (Admin) đã thu hồi khóa."), AskForKey),
        ["key_expired"] = new(401,
            new("The key has a date of expiry, or was replaced by another one.", "Khóa đã hết hạn hoặc đã được thay bằng khóa khác."),
            AskForKey),
        ["token_invalid"] = new(401,
            new("The signature, the audience or the times of the token are not right for this service.",
                "Chữ ký, đối tượng nhận hoặc thời hạn của token không đúng với dịch vụ này."),
            new("Request a token for this service from the identity provider. Check the clock of your machine.",
                "Hãy xin token dành cho dịch vụ này từ nhà cung cấp định danh và kiểm tra đồng hồ của máy.")),
        ["token_expired"] = new(401,
            new("Tokens are valid for a short time only.", "Token chỉ có hiệu lực trong thời gian ngắn."),
            new("Request a new token from the identity provider.", "Hãy xin token mới từ nhà cung cấp định danh.")),
        ["issuer_unavailable"] = new(503,
            new("The service cannot get the signing keys of the identity provider.",
                "Dịch vụ không lấy được khóa ký của nhà cung cấp định danh."),
            RetryLater),
        ["role_insufficient"] = new(403,
            new("The key is valid, but has a role with fewer rights.", "Khóa hợp lệ nhưng vai trò của khóa không đủ quyền."),
            new("Ask an Admin for a key with the role that `detail` names.",
                "Hãy đề nghị quản trị viên (Admin) cấp khóa có vai trò nêu trong `detail`."),
            "Admin"),
        ["province_forbidden"] = new(403,
            new("The key is limited to some provinces, and the record does not refer to them.",
                "Khóa chỉ dùng cho một số tỉnh, thành phố và bản ghi không tham chiếu tới các tỉnh, thành phố đó."),
            new("Ask an editor of the province to write the record, or an Admin for a wider key.",
                "Hãy nhờ biên tập viên của tỉnh, thành phố đó ghi, hoặc đề nghị quản trị viên (Admin) cấp khóa có phạm vi rộng hơn."),
            "thai-binh"),
        ["last_admin_key"] = new(409,
            new("Without this key, nobody could manage keys over HTTP.", "Nếu không có khóa này thì không ai quản lý được khóa qua HTTP."),
            new("Create another key with the role Admin first.", "Trước tiên hãy tạo một khóa khác có vai trò Admin."),
            "k3j9x2ab"),
        ["key_inactive"] = new(409,
            new("Only an active key can be rotated.", "Chỉ có thể đổi khóa còn hiệu lực."),
            new("Create a new key at /v1/keys.", "Hãy tạo khóa mới tại /v1/keys."),
            "k3j9x2ab"),
        ["client_error"] = new(400,
            new("The web server rejected the request before the service read it, for example because of invalid headers.",
                "Máy chủ web đã từ chối yêu cầu trước khi dịch vụ đọc, ví dụ do tiêu đề HTTP không hợp lệ."),
            new("Send the request with a standard HTTP client and shorter headers.",
                "Hãy gửi yêu cầu bằng một thư viện HTTP thông dụng và với tiêu đề ngắn hơn."),
            400),
        ["internal_error"] = new(500,
            new("The service has a defect. The request may be valid.", "Dịch vụ có lỗi; yêu cầu có thể vẫn hợp lệ."),
            new("Report `traceId` and the time to the operator, who finds the cause in the log.",
                "Hãy báo `traceId` và thời điểm cho người vận hành để tra nguyên nhân trong nhật ký.")),
        ["store_busy"] = new(503,
            new("Only one write runs at a time, and another one takes long, for example an import.",
                "Mỗi lúc chỉ có một thao tác ghi, và một thao tác khác đang kéo dài, ví dụ việc nhập dữ liệu."),
            RetryLater),
        ["unavailable"] = new(503,
            new("The database does not respond, or the service starts or stops.",
                "Cơ sở dữ liệu không phản hồi, hoặc dịch vụ đang khởi động hay dừng lại."),
            RetryLater),
        ["sum_too_large"] = new(400,
            new("A sum of the statistics has more digits than JSON readers keep exactly.",
                "Một tổng của thống kê có nhiều chữ số hơn mức các chương trình đọc JSON giữ được chính xác."),
            new("Limit the statistics to a province or a period.", "Hãy giới hạn thống kê theo tỉnh, thành phố hoặc thời gian."),
            "9007199254740993", "9007199254740991"),
        ["exports_unavailable"] = new(503,
            new("The folder of the exports cannot be read or written.", "Không đọc hoặc ghi được thư mục chứa bản xuất."),
            RetryLater),
        ["damaged"] = new(503,
            new("The disk or another program changed the stored bytes of a record.",
                "Đĩa hoặc chương trình khác đã làm thay đổi nội dung lưu của một bản ghi."),
            new("Report `traceId` to the operator, who must restore a backup.",
                "Hãy báo `traceId` cho người vận hành; người vận hành phải khôi phục từ bản sao lưu.")),
        ["insufficient_storage"] = new(503,
            new("The disk for temporary files of the service is full.", "Đĩa chứa tệp tạm của dịch vụ đã đầy."),
            new("Request the list with format=csv or format=ndjson.", "Hãy yêu cầu danh sách với format=csv hoặc format=ndjson.")),
    };

    /// <summary>The codes with an explanation.</summary>
    public static IReadOnlyCollection<string> Codes => Guides.Keys;

    /// <summary>Returns the explanation of a code; null if there is no such code.</summary>
    public static ProblemGuide? Find(string code) => Guides.GetValueOrDefault(code);

    /// <summary>Creates the example of a code.</summary>
    public static ProblemException CreateExample(string code)
    {
        var guide = Guides[code];
        return new(guide.Status, code, guide.ExampleArguments) { Errors = guide.ExampleErrors };
    }
}
