using System.Globalization;
using CooperationApi.Contracts;
using CooperationApi.Text;

namespace CooperationApi.Http.Problems;

/// <summary>The texts of all problem and error codes in English and Vietnamese. The codes are stable; the texts may change.</summary>
internal static class ProblemMessages
{
    // Maximum length of a request value that a message repeats, in characters.
    private const int MaxEchoLength = 150;

    private sealed record LocalizedText(string English, string Vietnamese)
    {
        public string Get(Language language) => language == Language.Vietnamese ? Vietnamese : English;
    }

    /// <summary>Titles and details of problems, by `code`.</summary>
    private static readonly Dictionary<string, (LocalizedText Title, LocalizedText Detail)> ProblemTexts = new()
    {
        ["invalid_request"] = (
            new("The request is not valid.", "Yêu cầu không hợp lệ."),
            new("The request has {0} error(s). `errors` describes {1} of them.",
                "Yêu cầu có {0} lỗi. `errors` nêu chi tiết {1} lỗi.")),
        ["not_found"] = (
            new("Not found.", "Không tìm thấy."),
            new("No resource exists at {0}. Paths are lower-case and have no trailing slash.",
                "Không có tài nguyên nào tại {0}. Đường dẫn viết bằng chữ thường và không có dấu gạch chéo ở cuối.")),
        ["record_not_found"] = (
            new("The record does not exist.", "Không tìm thấy bản ghi."),
            new("'{0}/{1}' does not exist.", "'{0}/{1}' không tồn tại.")),
        ["not_in_force"] = (
            new("The unit did not exist on that date.", "Đơn vị không tồn tại vào ngày đó."),
            new("'{0}' did not exist on {1}.", "'{0}' không tồn tại vào ngày {1}.")),
        ["record_deleted"] = (
            new("The record was deleted.", "Bản ghi đã bị xóa."),
            new("'{0}/{1}' was deleted on {2}.", "'{0}/{1}' đã bị xóa lúc {2}.")),
        ["record_merged"] = (
            new("The record was merged into another record.", "Bản ghi đã được hợp nhất vào bản ghi khác."),
            new("'{0}/{1}' was merged into '{0}/{3}' on {2}.", "'{0}/{1}' đã được hợp nhất vào '{0}/{3}' lúc {2}.")),
        ["record_redacted"] = (
            new("The record was redacted.", "Bản ghi đã bị xóa vĩnh viễn."),
            new("'{0}/{1}' was permanently removed with its history on {2}. Reason: {3}",
                "'{0}/{1}' đã bị xóa vĩnh viễn cùng toàn bộ lịch sử lúc {2}. Lý do: {3}")),
        ["merge_with_itself"] = (
            new("A record cannot be merged into itself.", "Không thể hợp nhất bản ghi vào chính nó."),
            new("'{0}/{1}' cannot be merged into itself.", "Không thể hợp nhất '{0}/{1}' vào chính nó.")),
        ["merge_conflict"] = (
            new("Merging would make referring records invalid.", "Việc hợp nhất sẽ làm cho các bản ghi tham chiếu không còn hợp lệ."),
            new("'{0}/{1}' cannot be merged into '{0}/{2}'. Fix the records listed in errors first.",
                "Chưa thể hợp nhất '{0}/{1}' vào '{0}/{2}'. Trước tiên, hãy sửa các bản ghi được liệt kê trong errors.")),
        ["range_not_satisfiable"] = (
            new("The requested range is outside the file.", "Khoảng byte được yêu cầu nằm ngoài tệp."),
            new("Content-Range has the size of the file in bytes.", "Content-Range cho biết kích thước tệp tính bằng byte.")),
        ["export_not_found"] = (
            new("No export is available.", "Chưa có bản xuất nào."),
            new("This service creates no exports automatically. Read /v1/changes without a cursor to get the whole data set.",
                "Dịch vụ này không tự động tạo bản xuất. Hãy đọc /v1/changes không kèm con trỏ để lấy toàn bộ tập dữ liệu.")),
        ["export_being_built"] = (
            new("The export is being created.", "Bản xuất đang được tạo."),
            new("No export of the current store is available yet. Retry after the time in Retry-After.",
                "Chưa có bản xuất của kho dữ liệu hiện tại. Hãy thử lại sau thời gian nêu trong Retry-After.")),
        ["export_expired"] = (
            new("The export is no longer available.", "Bản xuất không còn được lưu."),
            new("'{0}' has expired or belongs to an earlier epoch of the store. Start again with /v1/exports/latest.",
                "'{0}' đã quá thời hạn lưu hoặc thuộc một thời kỳ trước của kho dữ liệu. Hãy bắt đầu lại từ /v1/exports/latest.")),
        ["export_withdrawn"] = (
            new("The export was withdrawn.", "Bản xuất đã bị thu hồi."),
            new("'{0}' contains a record that was redacted later. Start again with /v1/exports/latest.",
                "'{0}' có bản ghi mà sau đó đã bị xóa vĩnh viễn. Hãy bắt đầu lại từ /v1/exports/latest.")),
        ["revision_expired"] = (
            new("That revision is no longer available.", "Trạng thái đó của bản ghi không còn được lưu."),
            new("The state of '{0}/{1}' at revision {2} is no longer available. The oldest available revision is {3}.",
                "Trạng thái của '{0}/{1}' ở phiên bản {2} không còn được lưu. Phiên bản cũ nhất còn được lưu là {3}.")),
        ["record_not_yet_created"] = (
            new("The record did not exist yet.", "Khi đó bản ghi chưa tồn tại."),
            new("'{0}/{1}' was created after revision {2}.", "'{0}/{1}' được tạo sau phiên bản {2}.")),
        ["epoch_changed"] = (
            new("The cursor is from before the database was restored.", "Con trỏ có từ trước khi kho dữ liệu được khôi phục."),
            new("The cursor belongs to epoch '{0}'; the current epoch is '{1}'. Replace the copy with /v1/exports/latest and continue "
                + "from its cursor.",
                "Con trỏ thuộc thời kỳ '{0}' của kho dữ liệu; thời kỳ hiện tại là '{1}'. Hãy thay bản sao bằng /v1/exports/latest rồi "
                + "tiếp tục từ con trỏ trong đó.")),
        ["cursor_ahead"] = (
            new("The cursor is ahead of the feed.", "Con trỏ vượt quá cuối nguồn thay đổi."),
            new("The cursor is at revision {0}; the last change has revision {1}. Replace the copy with /v1/exports/latest and continue "
                + "from its cursor.",
                "Con trỏ ở phiên bản {0}; thay đổi cuối cùng có phiên bản {1}. Hãy thay bản sao bằng /v1/exports/latest rồi tiếp tục từ "
                + "con trỏ trong đó.")),
        ["cursor_expired"] = (
            new("The changes after the cursor are no longer available.", "Các thay đổi sau con trỏ không còn được lưu."),
            new("The cursor is at revision {0}; older changes were compacted up to revision {1}. Replace the copy with /v1/exports/latest "
                + "and continue from its cursor.",
                "Con trỏ ở phiên bản {0}; các thay đổi cũ đã được thu gọn đến phiên bản {1}. Hãy thay bản sao bằng /v1/exports/latest rồi "
                + "tiếp tục từ con trỏ trong đó.")),
        ["precondition_required"] = (
            new("If-Match or If-None-Match is required.", "Cần có If-Match hoặc If-None-Match."),
            new("Send If-Match with the record's ETag, or If-None-Match: * to create a record.",
                "Hãy gửi If-Match kèm ETag của bản ghi, hoặc If-None-Match: * để tạo bản ghi mới.")),
        ["precondition_invalid"] = (
            new("The precondition is not valid.", "Điều kiện tiên quyết không hợp lệ."),
            new("{0} must be * or a list of quoted ETags.", "{0} phải là * hoặc danh sách ETag đặt trong dấu ngoặc kép.")),
        ["precondition_failed"] = (
            new("The record has changed.", "Bản ghi đã thay đổi."),
            new("The current state of '{0}/{1}' does not meet the precondition. Its current ETag, if the record exists, is in the "
                + "response. Read the record again.",
                "Trạng thái hiện tại của '{0}/{1}' không đáp ứng điều kiện tiên quyết. Nếu bản ghi tồn tại, ETag hiện tại có trong phản "
                + "hồi. Hãy đọc lại bản ghi.")),
        ["still_referenced"] = (
            new("The record is still referenced.", "Bản ghi vẫn đang được tham chiếu."),
            new("'{0}/{1}' has {2} reference(s) from other records. Some or all of them are listed in errors.",
                "Có {2} tham chiếu từ bản ghi khác tới '{0}/{1}'. Một số hoặc tất cả được liệt kê trong errors.")),
        ["import_conflict"] = (
            new("The import would replace existing records.", "Việc nhập dữ liệu sẽ thay thế các bản ghi đã có."),
            new("{0} record(s) exist with other content, and nothing was imported. Import with onConflict=keep to leave them, or with "
                + "onConflict=replace to replace them. errors lists the records and the values that each would lose. A long list is "
                + "truncated.",
                "Có {0} bản ghi đã tồn tại với nội dung khác; chưa có dữ liệu nào được nhập. Hãy nhập với onConflict=keep để giữ nguyên, "
                + "hoặc với onConflict=replace để thay thế các bản ghi này. errors liệt kê các bản ghi và những giá trị mà mỗi bản ghi sẽ "
                + "mất. Danh sách dài được rút gọn.")),
        ["quote_mismatch"] = (
            new("Quotes do not match this text.", "Có trích dẫn không khớp với văn bản này."),
            new("{2} quote(s) from '{0}/{1}' do not match this text at their offsets. See errors.",
                "Có {2} trích dẫn từ '{0}/{1}' không khớp với văn bản này tại vị trí đã nêu. Xem errors.")),
        ["method_not_allowed"] = (
            new("The method is not allowed.", "Phương thức không được phép."),
            new("{0} is not allowed here. The Allow header lists the allowed methods.",
                "Không được dùng {0} tại đây. Tiêu đề Allow liệt kê các phương thức được phép.")),
        ["not_acceptable"] = (
            new("No acceptable format.", "Không có định dạng phù hợp."),
            new("The Accept header must allow at least one of: {0}.",
                "Tiêu đề Accept phải chấp nhận ít nhất một trong các định dạng: {0}.")),
        ["payload_too_large"] = (
            new("The body is too large.", "Nội dung gửi lên quá lớn."),
            new("The body exceeds the size limit of this operation.", "Nội dung vượt quá kích thước tối đa của thao tác này.")),
        ["unsupported_media_type"] = (
            new("The media type is not supported.", "Kiểu nội dung không được hỗ trợ."),
            new("Content-Type must be one of: {0}. The body must be UTF-8.",
                "Content-Type phải là một trong: {0}. Nội dung phải được mã hóa UTF-8.")),
        ["unsupported_encoding"] = (
            new("The content encoding is not supported.", "Cách nén nội dung không được hỗ trợ."),
            new("Send the body uncompressed, without Content-Encoding.", "Hãy gửi nội dung không nén và không kèm Content-Encoding.")),
        ["request_timeout"] = (
            new("The request arrived too slowly.", "Yêu cầu được gửi quá chậm."),
            new("The service stopped waiting for the rest of the request.", "Dịch vụ đã ngừng chờ phần còn lại của yêu cầu.")),
        ["processing_timeout"] = (
            new("The request timed out.", "Yêu cầu vượt quá thời gian xử lý."),
            new("Processing took longer than {0} s. Ask for less: a smaller page, fewer filters, no `expand`.",
                "Thời gian xử lý vượt quá {0} giây. Hãy giảm yêu cầu: trang nhỏ hơn, ít bộ lọc hơn, không dùng `expand`.")),
        ["too_many_requests"] = (
            new("Too many requests.", "Quá nhiều yêu cầu."),
            new("The request limit is exceeded. Retry after the time in Retry-After.",
                "Đã vượt quá giới hạn số yêu cầu. Hãy thử lại sau thời gian nêu trong Retry-After.")),
        ["too_many_failed_attempts"] = (
            new("Too many failed attempts.", "Quá nhiều lần xác thực không thành công."),
            new("Too many invalid keys or tokens were sent from your network address. Retry after the time in Retry-After.",
                "Có quá nhiều khóa API hoặc token không hợp lệ được gửi từ địa chỉ mạng của bạn. Hãy thử lại sau thời gian nêu trong "
                + "Retry-After.")),
        ["key_in_url"] = (
            new("Do not put API keys in URLs.", "Không đặt khóa API trong URL."),
            new("Proxies, browsers and logs store URLs. Send the key as `Authorization: Bearer <key>`. If the key is real, have it "
                + "revoked.",
                "Máy chủ trung gian, trình duyệt và nhật ký đều lưu URL. Hãy gửi khóa bằng `Authorization: Bearer <khóa>`. Nếu đó là "
                + "khóa thật, hãy yêu cầu thu hồi.")),
        ["key_missing"] = (
            new("An API key is required.", "Cần có khóa API."),
            new("Send the key as `Authorization: Bearer <key>`. The operator creates the first key with the command `keys add`; Admins "
                + "create others at /v1/keys.",
                "Hãy gửi khóa bằng `Authorization: Bearer <khóa>`. Người vận hành tạo khóa đầu tiên bằng lệnh `keys add`; quản trị viên "
                + "(Admin) tạo các khóa khác tại /v1/keys.")),
        ["key_invalid"] = (
            new("The API key is not valid.", "Khóa API không hợp lệ."),
            new("The Authorization header has no valid API key of this service. Send the whole key once as `Authorization: Bearer <key>`.",
                "Tiêu đề Authorization không có khóa API hợp lệ của dịch vụ này. Hãy gửi khóa đầy đủ, một lần, bằng `Authorization: "
                + "Bearer <khóa>`.")),
        ["key_revoked"] = (
            new("The API key was revoked.", "Khóa API đã bị thu hồi."),
            new("Ask the issuer of the key for a new one.", "Hãy xin khóa mới từ người đã cấp khóa này.")),
        ["key_expired"] = (
            new("The API key has expired.", "Khóa API đã hết hạn."),
            new("The key reached its expiry date, or was replaced by a new key and its grace period has ended.",
                "Khóa đã quá ngày hết hạn, hoặc đã được đổi sang khóa mới và hết thời gian dùng song song.")),
        ["token_invalid"] = (
            new("The token is invalid.", "Mã xác thực (token) không hợp lệ."),
            new("The token is not signed by the identity provider, is not intended for this service, or is not valid yet.",
                "Token không do nhà cung cấp định danh ký, không dành cho dịch vụ này hoặc chưa có hiệu lực.")),
        ["token_expired"] = (
            new("The token has expired.", "Mã xác thực (token) đã hết hạn."),
            new("Get a new token from the identity provider.", "Hãy lấy token mới từ nhà cung cấp định danh.")),
        ["issuer_unavailable"] = (
            new("The identity provider is unreachable.", "Không kết nối được với nhà cung cấp định danh."),
            new("The token cannot be verified at the moment. Retry later, or use an API key.",
                "Hiện chưa thể kiểm tra token. Hãy thử lại sau hoặc dùng khóa API.")),
        ["role_insufficient"] = (
            new("Your role does not allow this.", "Vai trò của bạn không được phép thực hiện việc này."),
            new("Role {0} is required.", "Cần có vai trò {0}.")),
        ["province_forbidden"] = (
            new("The record is outside your provinces.", "Bản ghi nằm ngoài phạm vi tỉnh, thành phố của bạn."),
            new("You can write only records that refer to one of these provinces: {0}.",
                "Bạn chỉ được ghi các bản ghi có tham chiếu tới một trong các tỉnh, thành phố sau: {0}.")),
        ["last_admin_key"] = (
            new("This is the last active Admin key.", "Đây là khóa quản trị (Admin) cuối cùng còn hiệu lực."),
            new("Without '{0}', new keys can no longer be created here. Create another Admin key first.",
                "Nếu không còn '{0}' thì không thể tạo khóa mới tại đây. Trước tiên, hãy tạo một khóa quản trị khác.")),
        ["key_inactive"] = (
            new("The API key is no longer active.", "Khóa API không còn hiệu lực."),
            new("'{0}' was revoked, has expired or was already replaced. Create a new key.",
                "'{0}' đã bị thu hồi, đã hết hạn hoặc đã được đổi. Hãy tạo khóa mới.")),
        ["client_error"] = (
            new("The request could not be processed.", "Không thể xử lý yêu cầu."),
            new("The service responded with status {0}.", "Dịch vụ trả về mã trạng thái {0}.")),
        ["internal_error"] = (
            new("Internal error.", "Lỗi nội bộ của dịch vụ."),
            new("The error was logged under this trace id.", "Lỗi đã được ghi vào nhật ký theo mã truy vết này.")),
        ["store_busy"] = (
            new("The store is busy with another write.", "Kho dữ liệu đang bận ghi dữ liệu khác."),
            new("No changes were made. An import may be in progress. Retry after the time in Retry-After.",
                "Chưa có thay đổi nào được thực hiện. Có thể dịch vụ đang nhập dữ liệu. Hãy thử lại sau thời gian nêu trong Retry-After.")),
        ["unavailable"] = (
            new("The service is temporarily unavailable.", "Dịch vụ tạm thời gián đoạn."),
            new("The store cannot be read at the moment. Retry later.", "Hiện không đọc được kho dữ liệu. Hãy thử lại sau.")),
        ["sum_too_large"] = (
            new("A sum is too large.", "Tổng quá lớn."),
            new("The sum is {0}. The service sends sums up to {1}, which every JSON reader reads exactly. Filter by province or date, or "
                + "group by more columns.",
                "Tổng là {0}. Dịch vụ chỉ gửi tổng không quá {1} để mọi chương trình đọc JSON đều đọc đúng. Hãy lọc theo tỉnh, thành phố "
                + "hoặc thời gian, hoặc nhóm theo nhiều tiêu chí hơn.")),
        ["exports_unavailable"] = (
            new("The exports are temporarily unavailable.", "Các bản xuất tạm thời không truy cập được."),
            new("The folder of the exports cannot be read or written. The operator must correct its permissions or disk. Retry later.",
                "Không đọc hoặc ghi được thư mục chứa bản xuất. Người vận hành phải sửa quyền truy cập hoặc đĩa. Hãy thử lại sau.")),
        ["damaged"] = (
            new("A stored record is damaged.", "Một bản ghi đã lưu bị hỏng."),
            new("The content of a record does not match its stored SHA-256. The operator must restore a backup.",
                "Nội dung của một bản ghi không khớp với mã SHA-256 đã lưu. Người vận hành phải khôi phục từ bản sao lưu.")),
        ["insufficient_storage"] = (
            new("Not enough disk space to build the file.", "Không đủ dung lượng đĩa để tạo tệp."),
            new("The service writes a workbook to its disk before sending it, and this failed. CSV and NDJSON need no disk space.",
                "Dịch vụ ghi tệp XLSX ra đĩa trước khi gửi và việc này không thành công. CSV và NDJSON không cần dung lượng đĩa.")),
    };

    /// <summary>Details of errors, by `errors[].code`.</summary>
    private static readonly Dictionary<string, LocalizedText> ErrorMessages = new()
    {
        // Query strings
        ["unknown_parameter"] = new("Unknown parameter '{0}'.", "Không có tham số '{0}'."),
        ["duplicate_parameter"] = new("The parameter occurs more than once. Put several values into one parameter, separated by commas.",
            "Tham số xuất hiện nhiều lần. Hãy ghi các giá trị trong một tham số, cách nhau bằng dấu phẩy."),
        ["invalid_encoding"] = new("The query string must be percent-encoded UTF-8 without control characters.",
            "Chuỗi truy vấn phải là văn bản UTF-8 mã hóa phần trăm và không có ký tự điều khiển."),
        ["parameter_missing"] = new("The parameter is required.", "Thiếu tham số bắt buộc."),
        ["no_search_terms"] = new("The text contains no searchable word. At least one letter or digit is required.",
            "Không có từ nào để tìm kiếm. Cần ít nhất một chữ cái hoặc chữ số."),
        ["empty_value"] = new("The value is empty.", "Giá trị để trống."),
        ["invalid_integer"] = new("'{0}' is not an integer.", "'{0}' không phải là số nguyên."),
        ["out_of_range"] = new("The value must be between {1} and {2}, not {0}.", "Giá trị phải từ {1} đến {2}; giá trị đã gửi là {0}."),
        ["not_allowed"] = new("'{0}' is not an allowed value.", "'{0}' không phải là giá trị được phép."),
        ["invalid_timestamp"] = new(
            "'{0}' is not a timestamp such as 2026-11-22T08:00:00Z or 2026-11-22T15:00:00+07:00. In a query string, send '+' as %2B.",
            "'{0}' không phải là thời điểm theo dạng 2026-11-22T08:00:00Z hoặc 2026-11-22T15:00:00+07:00. Trong chuỗi truy vấn, dấu '+' "
            + "phải gửi là %2B."),
        ["not_in_future"] = new("'{0}' is not in the future.", "'{0}' không phải là thời điểm trong tương lai."),
        ["provinces_required"] = new("A key with the role Editor needs the ids of its provinces, or only '*' for all provinces.",
            "Khóa có vai trò biên tập viên (Editor) phải có mã các tỉnh, thành phố, hoặc chỉ '*' nếu được sửa mọi tỉnh, thành phố."),
        ["provinces_not_applicable"] = new("Only a key with the role Editor can be limited to provinces.",
            "Chỉ khóa có vai trò biên tập viên (Editor) mới được giới hạn theo tỉnh, thành phố."),
        ["invalid_date"] =
            new("'{0}' is not a valid date of the form yyyy-MM-dd.", "'{0}' không phải là ngày hợp lệ theo dạng yyyy-MM-dd."),
        ["invalid_partial_date"] = new("'{0}' is not a valid date of the form yyyy, yyyy-MM or yyyy-MM-dd.",
            "'{0}' không phải là ngày hợp lệ theo dạng yyyy, yyyy-MM hoặc yyyy-MM-dd."),
        ["date_outside_coverage"] =
            new("{0} is outside the covered period, {1} to {2} (today).", "{0} nằm ngoài thời gian có dữ liệu, từ {1} đến {2} (hôm nay)."),
        ["range_reversed"] = new("The range starts at {0}, after its end at {1}.", "Khoảng bắt đầu từ {0}, sau điểm kết thúc {1}."),
        ["invalid_id"] = new(
            "'{0}' is not a valid id. An id has lower-case letters and digits in groups joined by single hyphens, at most 100 characters.",
            "'{0}' không phải là mã hợp lệ. Mã gồm các nhóm chữ thường không dấu và chữ số, nối với nhau bằng một dấu gạch nối, tối đa "
            + "100 ký tự."),
        ["too_deep"] = new("'{0}' has too many levels (maximum {1}).", "'{0}' có quá nhiều cấp (tối đa {1})."),
        ["mutually_exclusive"] = new("'{0}' and '{1}' cannot be combined.", "Không thể dùng '{0}' cùng với '{1}'."),
        ["expansion_too_large"] = new(
            "With '{0}', the response would have more than {1} related records or {2} MiB of them; a record that is included several times "
            + "counts each time. Lower `limit`, shorten the path, or read the records from their own list.",
            "Với '{0}', kết quả sẽ kèm theo hơn {1} bản ghi hoặc hơn {2} MiB; bản ghi xuất hiện nhiều lần được tính mỗi lần. Hãy giảm "
            + "`limit`, rút ngắn đường dẫn hoặc đọc các bản ghi này từ danh sách riêng."),
        ["too_many_values"] = new("Too many values: {0} (maximum {1}).", "Có quá nhiều giá trị: {0} (tối đa {1})."),
        ["duplicate_value"] = new("'{0}' occurs more than once.", "'{0}' xuất hiện nhiều lần."),
        ["too_many_groups"] = new(
            "The result would have {0} rows (maximum {1}). Shorten the period, select one province, or group by fewer columns.",
            "Kết quả sẽ có {0} dòng (tối đa {1}). Hãy thu hẹp thời gian, chọn một tỉnh, thành phố hoặc nhóm theo ít tiêu chí hơn."),
        ["record_not_found"] = new("'{0}/{1}' does not exist.", "'{0}/{1}' không tồn tại."),
        ["cursor_invalid"] = new("The cursor is invalid. Send the value of `next` of a page unchanged.",
            "Con trỏ không hợp lệ. Hãy gửi nguyên giá trị `next` của một trang."),
        ["cursor_filter_mismatch"] = new("The cursor belongs to a list with other filters or another sort order.",
            "Con trỏ thuộc danh sách có bộ lọc hoặc thứ tự sắp xếp khác."),

        // Formats
        ["requires_json_format"] = new("'{0}' is available in JSON only; the format {1} always has the whole list.",
            "'{0}' chỉ dùng được với JSON; định dạng {1} luôn có toàn bộ danh sách."),
        ["requires_csv_format"] =
            new("`profile` applies to CSV only; the format is {0}.", "`profile` chỉ dùng cho CSV; định dạng đang chọn là {0}."),
        ["too_many_rows"] = new("The list has {0} rows (maximum of a worksheet: {1}). Use CSV or NDJSON, which have no limit.",
            "Danh sách có {0} dòng (một trang tính chứa tối đa {1} dòng). Hãy dùng CSV hoặc NDJSON, không giới hạn số dòng."),
        ["cell_too_long"] = new(
            "'{1}' of '{0}' has {2} characters (maximum of a cell: {3}). Exclude the member with `fields`, or use CSV or NDJSON.",
            "'{1}' của '{0}' có {2} ký tự (một ô chứa tối đa {3} ký tự). Hãy bỏ trường này bằng `fields`, hoặc dùng CSV hay NDJSON."),

        // Records
        ["unknown_member"] = new("Unknown member '{0}'.", "Không có trường '{0}'."),
        ["required_members_missing"] = new("Required members are missing: {0}.", "Thiếu trường bắt buộc: {0}."),
        ["text_required"] = new("The value must be a text in quotation marks, for example \"Hanoi\".",
            "Giá trị phải là văn bản đặt trong dấu ngoặc kép, ví dụ \"Hà Nội\"."),
        ["integer_required"] = new(
            "The value must be an integer without quotation marks, separators, decimal point and exponent, for example 1000000000.",
            "Giá trị phải là số nguyên, không có dấu ngoặc kép, dấu phân cách, dấu thập phân và số mũ, ví dụ 1000000000."),
        ["number_required"] = new("The value must be a number without quotation marks, with a decimal point, for example 2.5.",
            "Giá trị phải là số, không có dấu ngoặc kép, dùng dấu chấm thập phân, ví dụ 2.5."),
        ["boolean_required"] = new("The value must be true or false, without quotation marks.",
            "Giá trị phải là true hoặc false, không có dấu ngoặc kép."),
        ["list_required"] = new("The value must be a list in square brackets, for example [\"ha-noi\", \"thai-binh\"].",
            "Giá trị phải là danh sách đặt trong dấu ngoặc vuông, ví dụ [\"ha-noi\", \"thai-binh\"]."),
        ["object_required"] = new("The value must be an object in braces, for example {{\"id\": \"ha-noi\"}}.",
            "Giá trị phải là đối tượng đặt trong dấu ngoặc nhọn, ví dụ {{\"id\": \"ha-noi\"}}."),
        ["not_a_date"] = new("'{0}' is not a valid date. Write 2019, 2019-10, 2019-10-26, or --10-26 if the year is unknown.",
            "'{0}' không phải là ngày hợp lệ. Hãy viết 2019, 2019-10, 2019-10-26, hoặc --10-26 nếu không rõ năm."),
        ["null_value"] = new("null is not allowed; omit the member.", "Không được dùng null; hãy bỏ trường không có giá trị."),
        ["invalid_unicode"] = new("The text is not valid Unicode: bytes that are not UTF-8, an unpaired surrogate, or U+FFFE.",
            "Văn bản không phải Unicode hợp lệ: có byte không phải UTF-8, ký tự surrogate không đủ cặp hoặc ký tự U+FFFE."),
        ["invalid_json"] = new("Line {0}, column {1}: the character '{2}' ({3}) is not allowed here in JSON.",
            "Dòng {0}, cột {1}: trong JSON không được có ký tự '{2}' ({3}) ở vị trí này."),
        ["json_typographic_quote"] = new(
            "Line {0}, column {1}: '{2}' is a typographic quotation mark, as word processors write it. JSON requires the straight one: \".",
            "Dòng {0}, cột {1}: '{2}' là dấu ngoặc kép cong do phần mềm soạn thảo tự sửa. JSON chỉ dùng dấu ngoặc kép thẳng: \"."),
        ["json_trailing_comma"] = new("Line {0}, column {1}: remove the comma before '{2}'.",
            "Dòng {0}, cột {1}: hãy bỏ dấu phẩy trước '{2}'."),
        ["json_incomplete"] = new("The JSON ends at line {0}, column {1} and is incomplete: a quotation mark, bracket or brace is missing.",
            "JSON kết thúc ở dòng {0}, cột {1} khi chưa đầy đủ: thiếu dấu ngoặc kép, dấu ngoặc vuông hoặc dấu ngoặc nhọn."),
        ["json_duplicate_member"] = new("Line {0}, column {1}: the member '{2}' occurs more than once in its object.",
            "Dòng {0}, cột {1}: trường '{2}' xuất hiện nhiều lần trong cùng một đối tượng."),
        ["json_too_deep"] = new("Line {0}, column {1}: lists and objects are nested more than {2} levels deep.",
            "Dòng {0}, cột {1}: danh sách và đối tượng lồng nhau quá {2} cấp."),
        ["json_wrong_encoding"] = new("The text is UTF-16 or UTF-32. Save it as UTF-8.",
            "Văn bản ở dạng UTF-16 hoặc UTF-32. Hãy lưu ở dạng UTF-8."),
        ["body_empty"] = new("The JSON document is empty.", "Không có nội dung JSON."),
        ["bundle_not_object"] = new("A bundle must be an object with one list per resource.",
            "Gói dữ liệu phải là một đối tượng, mỗi loại bản ghi có một danh sách."),
        ["line_not_object"] = new("A line must be an object with the members '{0}' and '{1}'.",
            "Mỗi dòng phải là một đối tượng có các trường '{0}' và '{1}'."),
        ["unknown_resource"] = new("Unknown resource '{0}'.", "Không có loại bản ghi '{0}'."),
        ["too_long"] = new("The text or list is too long: {0} (maximum {1}).", "Văn bản hoặc danh sách quá dài: {0} (tối đa {1})."),
        ["too_short"] = new("The text or list is too short (minimum {0}).", "Văn bản hoặc danh sách quá ngắn (tối thiểu {0})."),
        ["pattern_mismatch"] = new("'{0}' does not match the pattern {1}.", "'{0}' không khớp với mẫu {1}."),
        ["referenced_by"] = new("'{0}/{1}' refers to the record at {2}.", "'{0}/{1}' tham chiếu tới bản ghi này tại {2}."),
        ["id_mismatch"] = new("The id '{0}' does not match the id in the URL, '{1}'.", "Mã '{0}' không khớp với mã trong URL, '{1}'."),
        ["id_retired"] =
            new("'{0}/{1}' was {2}; its id cannot be reused.", "'{0}/{1}' đã bị gỡ vĩnh viễn ({2}); không thể dùng lại mã này."),
        ["incompatible_with_revision"] = new("'{0}' cannot be combined with `revision`.", "Không thể dùng '{0}' cùng với `revision`."),
        ["revision_mismatch"] = new("The revision {0} is not current: the current revision is {1} (0: no record exists).",
            "Phiên bản {0} không phải là phiên bản hiện tại: phiên bản hiện tại là {1} (0: chưa có bản ghi)."),
        ["content_mismatch"] = new("The stored record has other content. Replacing it would remove {0} of its values.",
            "Bản ghi đã lưu có nội dung khác. Nếu bị thay thế, bản ghi sẽ mất {0} giá trị."),
        ["invalid_characters"] = new(
            "The text has {0} at position {1}. Use spaces and visible characters. A quote may have what the stored text of its source has.",
            "Văn bản có {0} tại vị trí {1}. Chỉ dùng dấu cách và ký tự nhìn thấy được. Trích dẫn được giữ nguyên ký tự của văn bản nguồn "
            + "đang lưu."),
        ["text_without_words"] = new("The text has no letter and no digit.", "Văn bản không có chữ cái hoặc chữ số nào."),
        ["outer_blanks"] = new("The text begins or ends with blanks. Remove them.",
            "Văn bản có khoảng trắng ở đầu hoặc ở cuối. Hãy bỏ các khoảng trắng đó."),
        ["inexact_number"] = new("The number cannot be kept exactly. Use at most 28 significant digits.",
            "Không thể lưu chính xác số này. Hãy dùng tối đa 28 chữ số có nghĩa."),
        ["invalid_url"] = new("'{0}' is not an absolute http or https URL.", "'{0}' không phải là URL http hoặc https đầy đủ."),
        ["invalid_period"] = new("The period ends before it begins.", "Thời gian kết thúc trước khi bắt đầu."),
        ["empty_period"] = new("The period has neither a date nor a label.", "Thời gian không có ngày và cũng không có nhãn."),
        ["unsupported_member"] = new("'{0}' is not a member of the record.", "'{0}' không phải là trường của bản ghi này."),
        ["quote_offsets_missing"] = new(
            "A quote requires start and end, and end must be start plus the length of the quote in code points. Omit both without a "
            + "quote, or if the text of the source is stored: the service then finds the quote.",
            "Trích dẫn phải có start và end, trong đó end bằng start cộng độ dài trích dẫn tính theo điểm mã. Hãy bỏ cả hai nếu không có "
            + "trích dẫn, hoặc nếu văn bản nguồn đang được lưu: khi đó dịch vụ tự tìm vị trí trích dẫn."),
        ["quote_missing"] = new("A citation with the basis Stated requires a quote.", "Dẫn chứng có căn cứ Stated phải có trích dẫn."),
        ["inference_note_missing"] = new(
            "A citation with the basis Inferred requires a quote, or a locator and a note that explains the inference.",
            "Dẫn chứng có căn cứ Inferred phải có trích dẫn, hoặc có locator và note nêu rõ suy ra từ đâu."),
        ["source_title_missing"] = new("A source requires a title or a URL.", "Nguồn phải có tiêu đề hoặc URL."),
        ["locator_missing"] = new("A citation with the basis Referenced requires a locator and must not have a quote.",
            "Dẫn chứng có căn cứ Referenced phải có locator và không được có trích dẫn."),
        ["party_missing"] = new(
            "One of officialId, organizationId, provinceId (not sufficient for a participant), description is required.",
            "Cần có một trong các trường officialId, organizationId, provinceId (chưa đủ đối với người tham dự), description."),
        ["amount_without_currency"] = new("An amount requires a currency, and a currency requires an amount.",
            "Số tiền phải có loại tiền, và loại tiền phải có số tiền."),
        ["exceeds_total"] = new("'outOf' requires a quantity that is not greater than 'outOf'.",
            "'outOf' phải đi cùng quantity, và quantity không được lớn hơn 'outOf'."),
        ["quantity_without_unit"] = new("A quantity requires a unit, and a unit requires a quantity.",
            "Số lượng phải có đơn vị tính, và đơn vị tính phải có số lượng."),
        ["versions_not_contiguous"] = new("The versions must cover the whole lifetime of the unit without gaps or overlaps.",
            "Các thời kỳ trong versions phải bao quát toàn bộ thời gian tồn tại của đơn vị, không gián đoạn và không chồng lấn."),
        ["latest_version_mismatch"] = new("The value must equal the value of the last version.",
            "Giá trị phải trùng với giá trị của thời kỳ cuối cùng trong versions."),
        ["duplicate_id"] = new("'{0}' occurs more than once.", "'{0}' xuất hiện nhiều lần."),
        ["unknown_reference"] = new("Record '{1}' does not exist in {0}.", "Không có bản ghi '{1}' trong {0}."),
        ["ambiguous_reference"] = new("Several records have the id '{1}' in {0}; the reference is ambiguous.",
            "Có nhiều bản ghi mang mã '{1}' trong {0}; không xác định được tham chiếu tới bản ghi nào."),
        ["merged_reference"] = new("'{0}/{1}' was merged into '{0}/{2}'. Refer to '{2}'.",
            "'{0}/{1}' đã được hợp nhất vào '{0}/{2}'. Hãy tham chiếu tới '{2}'."),
        ["self_reference"] = new("The record '{0}/{1}' cannot refer to itself.", "Bản ghi '{0}/{1}' không thể tham chiếu tới chính nó."),
        ["reference_cycle"] = new("The reference leads back to the record: {0}.", "Tham chiếu dẫn ngược về chính bản ghi này: {0}."),
        ["too_many_linked_records"] = new("More than {0} records would be linked with each other, directly or through others.",
            "Hơn {0} bản ghi sẽ được liên kết với nhau, trực tiếp hoặc qua bản ghi khác."),
        ["succession_not_symmetric"] = new("'{0}' does not list '{1}' in {2}. Write both provinces in one import.",
            "'{0}' không nêu '{1}' trong {2}. Hãy ghi cả hai đơn vị trong cùng một lần nhập."),
        ["group_outside_agreement"] = new(
            "The group '{0}' belongs to the agreement '{1}', not to the agreement of the record or its meeting.",
            "Nhóm '{0}' thuộc thỏa thuận '{1}', không thuộc thỏa thuận của bản ghi hoặc của cuộc gặp liên quan."),
        ["date_before_adoption"] = new("The date is before the adoption of the agreement '{0}' on {1}.",
            "Ngày này trước ngày thông qua thỏa thuận '{0}' ({1})."),
        ["date_before_meeting"] = new("The date is before the meeting '{0}' on {1}.", "Ngày này trước cuộc gặp '{0}' ({1})."),
        ["province_not_in_force"] = new(
            "'{0}' was in force in the period {2}; the record has the date {1}. Its successor or predecessor: {3}.",
            "'{0}' tồn tại trong thời gian {2}, nhưng bản ghi có thời điểm {1}. Đơn vị kế thừa hoặc tiền thân: {3}."),
        ["quote_not_found"] = new("The quote does not occur in the stored text of the source '{0}'.",
            "Trích dẫn không có trong văn bản đang lưu của nguồn '{0}'."),
        ["quote_differs"] = new(
            "Character {1} of the quote is {2}; the stored text of the source '{0}' has {3} there, at the offset {4}.",
            "Ký tự thứ {1} của trích dẫn là {2}, nhưng tại đó văn bản đang lưu của nguồn '{0}' có {3} (vị trí {4})."),
        ["quote_elsewhere"] = new("The quote is not at the offsets {0} to {1}. It occurs in the stored text at the offset {2}.",
            "Trích dẫn không nằm ở vị trí từ {0} đến {1}. Trong văn bản đang lưu, trích dẫn bắt đầu tại vị trí {2}."),
        ["quote_ambiguous"] = new(
            "The quote occurs several times in the stored text of the source '{0}', at the offsets {1}. Send start and end.",
            "Trích dẫn xuất hiện nhiều lần trong văn bản đang lưu của nguồn '{0}', tại các vị trí {1}. Hãy gửi start và end."),
        ["quote_mismatch"] =
            new("The source text at offsets {0} to {1} reads: “{2}”.", "Văn bản nguồn tại vị trí từ {0} đến {1} là: “{2}”."),
        ["source_hash_mismatch"] = new("The stored text of this source has another hash or length: {0}.",
            "Văn bản đang lưu của nguồn này có mã băm hoặc độ dài khác: {0}."),
        ["invalid_source_text"] =
            new("The text is empty, is not UTF-8, or contains a NUL character.", "Văn bản trống, không phải UTF-8 hoặc có ký tự NUL."),
        ["source_text_conflict"] = new(
            "The text has the hash {0} and {1} code points; the record has the hash '{2}' and {3} code points ('' or 0: not set).",
            "Văn bản có mã băm {0} và {1} điểm mã; bản ghi nêu mã băm '{2}' và {3} điểm mã ('' hoặc 0: không nêu)."),
        ["line_too_long"] = new("The line exceeds {0} bytes.", "Dòng vượt quá {0} byte."),
        ["bundle_too_long"] = new("The JSON bundle exceeds {0} bytes. Use NDJSON, which has no limit for the file.",
            "Gói dữ liệu JSON vượt quá {0} byte. Hãy dùng NDJSON, không giới hạn kích thước tệp."),
        ["invalid_value"] = new("Invalid value: {0}", "Giá trị không hợp lệ: {0}"),
    };

    /// <summary>The codes of all problems.</summary>
    public static IReadOnlyCollection<string> ProblemCodes => ProblemTexts.Keys;

    /// <summary>The codes of all errors.</summary>
    public static IReadOnlyCollection<string> ErrorCodes => ErrorMessages.Keys;

    /// <summary>Returns the title of a problem.</summary>
    public static string GetProblemTitle(Language language, string code) => ProblemTexts[code].Title.Get(language);

    /// <summary>Returns the detail of a problem.</summary>
    public static string GetProblemDetail(Language language, string code, IEnumerable<object> arguments) =>
        Format(language, ProblemTexts[code].Detail, arguments);

    /// <summary>Returns the detail of an error.</summary>
    public static string GetErrorDetail(Language language, string code, IEnumerable<object> arguments) =>
        Format(language, ErrorMessages[code], arguments);

    private static string Format(Language language, LocalizedText text, IEnumerable<object> arguments) =>
        string.Format(CultureInfo.InvariantCulture, text.Get(language), arguments.Select(value => value switch
        {
            string echo => Truncate(echo),
            DateTimeOffset time => FormatTime(language, time),
            _ => value,
        }).ToArray());

    // As an official writes it: `15:00 ngày 22/11/2026`, in Vietnam's time.
    private static string FormatTime(Language language, DateTimeOffset time) => language == Language.Vietnamese
        ? time.ToOffset(VietnamTime.Offset).ToString("HH:mm 'ngày' dd/MM/yyyy", CultureInfo.InvariantCulture)
        : time.ToIso();

    private static string Truncate(string text) =>
        text.Length <= MaxEchoLength ? text : string.Concat(text.EnumerateRunes().Take(MaxEchoLength)) + "…";
}
