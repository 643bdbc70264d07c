using System.Globalization;
using System.Text;
using CooperationApi.Contracts;
using CooperationApi.Text;

namespace CooperationApi.Http.Problems;

/// <summary>The texts of all problem and error codes in English and Vietnamese. The codes are stable; the texts may change.</summary>
internal static class ProblemMessages
{
    // Maximum length of a request value that a message repeats, in characters.
    private const int MaxEchoLength = 150;

    /// <summary>Titles and details of problems, by `code`.</summary>
    private static readonly Dictionary<string, (LocalizedText Title, LocalizedText Detail)> ProblemTexts = new()
    {
        ["invalid_request"] = (
            new("The request is not valid.", "Yêu cầu không hợp lệ."),
            new("The request has {0} error(s). Errors described in `errors`: {1}.",
                "Yêu cầu có {0} lỗi. Số lỗi được nêu trong `errors`: {1}.")),
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
            new("Merging would make referring records invalid.",
                "Nếu hợp nhất, các bản ghi tham chiếu tới bản ghi này sẽ không còn hợp lệ."),
            new("'{0}/{1}' cannot be merged into '{0}/{2}'. Fix the records listed in `errors` first.",
                "Chưa thể hợp nhất '{0}/{1}' vào '{0}/{2}'. Trước tiên, hãy sửa các bản ghi nêu trong `errors`.")),
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
                "'{0}' đã quá thời hạn lưu hoặc thuộc một thế hệ trước của kho dữ liệu. Hãy bắt đầu lại từ /v1/exports/latest.")),
        ["export_withdrawn"] = (
            new("The export was withdrawn.", "Bản xuất đã bị thu hồi."),
            new("'{0}' contains a record that was redacted later. Start again with /v1/exports/latest.",
                "'{0}' có bản ghi mà sau đó đã bị xóa vĩnh viễn. Hãy bắt đầu lại từ /v1/exports/latest.")),
        ["revision_expired"] = (
            new("That revision is no longer available.", "Phiên bản đó không còn được lưu."),
            new("The state of '{0}/{1}' at revision {2} is no longer available. The oldest available revision is {3}.",
                "Nội dung của '{0}/{1}' ở phiên bản {2} không còn được lưu. Phiên bản cũ nhất còn được lưu là {3}.")),
        ["record_not_yet_created"] = (
            new("The record did not exist yet.", "Khi đó bản ghi chưa tồn tại."),
            new("'{0}/{1}' was created after revision {2}.", "'{0}/{1}' được tạo sau phiên bản {2}.")),
        ["epoch_changed"] = (
            new("The cursor is from before the database was restored.", "Con trỏ được cấp trước khi kho dữ liệu được khôi phục."),
            new("The cursor belongs to epoch '{0}'; the current epoch is '{1}'. Replace the copy with /v1/exports/latest and continue "
                + "from its cursor.",
                "Con trỏ thuộc thế hệ '{0}' của kho dữ liệu; thế hệ hiện tại là '{1}'. Hãy thay bản sao bằng /v1/exports/latest rồi "
                + "tiếp tục từ con trỏ trong đó.")),
        ["cursor_ahead"] = (
            new("The cursor is ahead of the feed.", "Con trỏ vượt quá thay đổi mới nhất."),
            new("The cursor is at revision {0}; the last change has revision {1}. Replace the copy with /v1/exports/latest and continue "
                + "from its cursor.",
                "Con trỏ ở phiên bản {0}, trong khi thay đổi mới nhất có phiên bản {1}. Hãy thay bản sao bằng /v1/exports/latest rồi "
                + "tiếp tục từ con trỏ trong đó.")),
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
                "Nội dung hiện tại của '{0}/{1}' không đáp ứng điều kiện tiên quyết của yêu cầu. Nếu bản ghi tồn tại, ETag hiện tại có "
                + "trong phản hồi. Hãy đọc lại bản ghi.")),
        ["still_referenced"] = (
            new("The record is still referenced.", "Bản ghi vẫn đang được tham chiếu."),
            new("'{0}/{1}' has {2} reference(s) from other records. `errors` lists some or all of them.",
                "Các bản ghi khác có {2} tham chiếu tới '{0}/{1}'. `errors` nêu một số hoặc tất cả các tham chiếu này.")),
        ["import_conflict"] = (
            new("The import would replace existing records.", "Việc nhập dữ liệu sẽ thay thế các bản ghi đã có."),
            new("{0} record(s) exist with other content, and nothing was imported. Import with onConflict=keep to leave them, or with "
                + "onConflict=replace to replace them. `errors` lists the records and the values that each would lose. A long list is "
                + "truncated.",
                "Có {0} bản ghi đã tồn tại với nội dung khác nên chưa nhập dữ liệu nào. Hãy nhập với onConflict=keep để giữ nguyên các "
                + "bản ghi này, hoặc với onConflict=replace để thay thế. `errors` nêu từng bản ghi và những giá trị sẽ mất; danh sách "
                + "dài được rút gọn.")),
        ["quote_mismatch"] = (
            new("Quotes do not match this text.", "Có trích dẫn không khớp với văn bản này."),
            new("{2} quote(s) from '{0}/{1}' do not match this text at their offsets. See `errors`.",
                "Có {2} trích dẫn từ '{0}/{1}' không khớp với văn bản này tại vị trí đã ghi. Xem chi tiết trong `errors`.")),
        ["method_not_allowed"] = (
            new("The method is not allowed.", "Phương thức không được phép."),
            new("{0} is not allowed here. The Allow header lists the allowed methods.",
                "Không được dùng {0} tại đây. Tiêu đề HTTP Allow liệt kê các phương thức được phép.")),
        ["not_acceptable"] = (
            new("No acceptable format.", "Không có định dạng phù hợp."),
            new("The Accept header must allow at least one of: {0}.",
                "Tiêu đề HTTP Accept phải chấp nhận ít nhất một trong các định dạng: {0}.")),
        ["payload_too_large"] = (
            new("The body is too large.", "Nội dung gửi lên quá lớn."),
            new("The body exceeds the size limit of this operation.", "Nội dung vượt quá kích thước tối đa của thao tác này.")),
        ["unsupported_media_type"] = (
            new("The media type is not supported.", "Kiểu nội dung không được hỗ trợ."),
            new("Content-Type must be one of: {0}. The body must be UTF-8.",
                "Content-Type phải là một trong các kiểu: {0}. Nội dung phải dùng bảng mã UTF-8.")),
        ["unsupported_encoding"] = (
            new("The content encoding is not supported.", "Cách nén nội dung không được hỗ trợ."),
            new("Send the body uncompressed, without Content-Encoding.", "Hãy gửi nội dung không nén và không kèm Content-Encoding.")),
        ["request_timeout"] = (
            new("The request arrived too slowly.", "Yêu cầu được gửi quá chậm."),
            new("The service stopped waiting for the rest of the request.", "Dịch vụ đã ngừng chờ phần còn lại của yêu cầu.")),
        ["processing_timeout"] = (
            new("The request timed out.", "Yêu cầu vượt quá thời gian xử lý."),
            new("Processing took longer than {0} s. Ask for less: a smaller page, fewer filters, no `expand`.",
                "Thời gian xử lý vượt quá {0} giây. Hãy yêu cầu ít dữ liệu hơn: trang nhỏ hơn, ít bộ lọc hơn, không dùng `expand`.")),
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
                "Tiêu đề HTTP Authorization không có khóa API hợp lệ của dịch vụ này. Hãy gửi đầy đủ khóa, chỉ một lần, bằng "
                + "`Authorization: Bearer <khóa>`.")),
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
        ["empty_value"] = new("The value is empty. Omit the parameter or give it a value.",
            "Giá trị để trống. Hãy bỏ tham số hoặc ghi giá trị."),
        ["invalid_integer"] = new("'{0}' is not an integer such as 50.", "'{0}' không phải là số nguyên, ví dụ 50."),
        ["out_of_range"] = new("The value must be between {1} and {2}, not {0}.", "Giá trị phải từ {1} đến {2}; giá trị đã gửi là {0}."),
        ["not_allowed"] = new("'{0}' is not an allowed value.", "'{0}' không phải là giá trị được phép."),
        ["invalid_timestamp"] = new(
            "'{0}' is not a timestamp such as 2026-11-22T08:00:00Z or 2026-11-22T15:00:00+07:00. In a query string, send '+' as %2B.",
            "'{0}' không đúng dạng thời điểm, ví dụ 2026-11-22T08:00:00Z hoặc 2026-11-22T15:00:00+07:00. Trong chuỗi truy vấn, hãy gửi "
            + "dấu '+' thành %2B."),
        ["not_in_future"] = new("'{0}' is not in the future.", "'{0}' không phải là thời điểm trong tương lai."),
        ["provinces_required"] = new("A key with the role Editor needs the ids of its provinces, or only '*' for all provinces.",
            "Khóa có vai trò biên tập viên (Editor) phải có mã các tỉnh, thành phố, hoặc chỉ '*' nếu được sửa mọi tỉnh, thành phố."),
        ["provinces_not_applicable"] = new("Only a key with the role Editor can be limited to provinces.",
            "Chỉ khóa có vai trò biên tập viên (Editor) mới được giới hạn theo tỉnh, thành phố."),
        ["invalid_date"] = new("'{0}' is not a valid date. Write year-month-day, for example 2019-10-26.",
            "'{0}' không phải là ngày hợp lệ. Hãy viết theo thứ tự năm-tháng-ngày, ví dụ 2019-10-26."),
        ["invalid_partial_date"] = new("'{0}' is not a valid date. Write 2019-10-26 (year-month-day), 2019-10 or 2019.",
            "'{0}' không phải là ngày hợp lệ. Hãy viết 2019-10-26 (năm-tháng-ngày), 2019-10 hoặc 2019."),
        ["date_outside_coverage"] =
            new("{0} is outside the covered period, {1} to {2} (today).", "{0} nằm ngoài thời gian có dữ liệu, từ {1} đến {2} (hôm nay)."),
        ["range_reversed"] = new("The range starts at {0}, after its end at {1}.", "Điểm bắt đầu {0} nằm sau điểm kết thúc {1}."),
        ["invalid_id"] = new(
            "'{0}' is not a valid id. An id such as thai-binh has lower-case letters without diacritics and digits, in groups joined by "
            + "single hyphens, at most 100 characters.",
            "'{0}' không phải là mã hợp lệ. Mã chỉ gồm chữ thường không dấu và chữ số, các cụm nối với nhau bằng một dấu gạch nối, tối "
            + "đa 100 ký tự, ví dụ thai-binh."),
        ["too_deep"] = new("'{0}' has too many levels (maximum {1}).", "'{0}' có quá nhiều cấp (tối đa {1})."),
        ["mutually_exclusive"] = new("'{0}' and '{1}' cannot be combined.", "Không thể dùng '{0}' cùng với '{1}'."),
        ["expansion_too_large"] = new(
            "With '{0}', the response would have more than {1} related records or {2} MiB of them; a record that is included several "
            + "times counts each time. Lower `limit`, shorten the path, or read the records from their own list.",
            "Với '{0}', kết quả sẽ kèm theo hơn {1} bản ghi hoặc hơn {2} MiB bản ghi; bản ghi xuất hiện bao nhiêu lần thì được tính bấy "
            + "nhiêu lần. Hãy giảm `limit`, rút ngắn đường dẫn hoặc đọc các bản ghi này từ danh sách riêng."),
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
        ["profile_not_available"] = new("The profile {0} is not available in the format {1}. Its formats: {2}.",
            "Kiểu tệp {0} không dùng được với định dạng {1}. Các định dạng dùng được: {2}."),
        ["fields_not_readable"] = new("A file with `profile=readable` does not show {0}.",
            "Tệp với `profile=readable` không hiển thị {0}."),
        ["too_many_readable_rows"] = new(
            "The list has {0} rows (maximum of a file with `profile=readable`: {1}). Use filters, or `profile=standard`.",
            "Danh sách có {0} dòng (tệp với `profile=readable` chứa tối đa {1} dòng). Hãy dùng bộ lọc, hoặc `profile=standard`."),
        ["progress_too_large"] = new(
            "The progress has more than {0} commitments or results, or more than {1} MiB of records. Request the progress of one "
            + "agreement, or read the commitments page by page.",
            "Báo cáo tiến độ có hơn {0} cam kết hoặc kết quả, hoặc hơn {1} MiB bản ghi. Hãy yêu cầu tiến độ của một thỏa thuận, hoặc đọc "
            + "danh sách cam kết theo từng trang."),
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
            "Giá trị phải là số nguyên chỉ gồm chữ số, ví dụ 1000000000: không có dấu ngoặc kép, dấu phân cách hàng nghìn, dấu thập "
            + "phân hay số mũ."),
        ["integer_too_large"] = new("The number {0} is too large.", "Số {0} quá lớn."),
        ["number_required"] = new("The value must be a number without quotation marks, with a decimal point, for example 2.5.",
            "Giá trị phải là số, không đặt trong dấu ngoặc kép, dùng dấu chấm thập phân, ví dụ 2.5."),
        ["boolean_required"] = new("The value must be true or false, without quotation marks.",
            "Giá trị phải là true hoặc false, không đặt trong dấu ngoặc kép."),
        ["list_required"] = new("The value must be a list in square brackets, for example {0}.",
            "Giá trị phải là danh sách đặt trong dấu ngoặc vuông, ví dụ {0}."),
        ["object_required"] = new("The value must be an object in braces, for example {{\"id\": \"ha-noi\"}}.",
            "Giá trị phải là đối tượng đặt trong dấu ngoặc nhọn, ví dụ {{\"id\": \"ha-noi\"}}."),
        ["not_a_date"] = new(
            "'{0}' is not a valid date. Write 2019-10-26 (year-month-day), 2019-10 or 2019, or --10-26 if the year is unknown.",
            "'{0}' không phải là ngày hợp lệ. Hãy viết 2019-10-26 (năm-tháng-ngày), 2019-10 hoặc 2019, hoặc --10-26 nếu không rõ năm."),
        ["date_required"] = new(
            "{0} is a number. Write a date in quotation marks, for example \"2019-10-26\". Spreadsheets store dates as numbers: the "
            + "function TEXT with the format \"yyyy-mm-dd\" returns the date.",
            "Giá trị {0} là số. Hãy viết ngày trong dấu ngoặc kép, ví dụ \"2019-10-26\". Bảng tính lưu ngày dưới dạng số: hàm TEXT với "
            + "định dạng \"yyyy-mm-dd\" cho ra ngày."),
        ["null_value"] = new("null is not allowed. Omit a member without a value.", "Không dùng null. Hãy bỏ trường không có giá trị."),
        ["invalid_unicode"] = new(
            "The text has bytes that are not UTF-8, or an escape such as \\ud800 that is no character. Save the text as UTF-8.",
            "Văn bản có byte không thuộc bảng mã UTF-8 hoặc có mã không phải là ký tự, như \\ud800. Hãy lưu văn bản với bảng mã UTF-8."),
        ["invalid_json"] = new("Line {0}, column {1}: JSON does not allow {2} here. Check the commas, colons and brackets before it.",
            "Dòng {0}, cột {1}: trong JSON không được có {2} ở đây. Hãy kiểm tra dấu phẩy, dấu hai chấm và dấu ngoặc ở phía trước."),
        ["json_typographic_quote"] = new(
            "Line {0}, column {1}: {2} is not the quotation mark of JSON. Use the straight one: \". Word processors replace it by curly "
            + "ones.",
            "Dòng {0}, cột {1}: {2} không phải là dấu ngoặc kép của JSON. Hãy dùng dấu ngoặc kép thẳng: \". Phần mềm soạn thảo thường "
            + "tự đổi sang dấu cong."),
        ["json_trailing_comma"] = new("Line {0}, column {1}: remove the comma before '{2}'.",
            "Dòng {0}, cột {1}: hãy bỏ dấu phẩy trước '{2}'."),
        ["json_incomplete"] = new(
            "The JSON ends at line {0}, column {1} and is incomplete: a quotation mark, bracket or brace is missing. Send the whole file.",
            "JSON kết thúc ở dòng {0}, cột {1} khi chưa đầy đủ: thiếu dấu ngoặc kép, ngoặc vuông hoặc ngoặc nhọn đóng. Hãy gửi toàn bộ "
            + "tệp."),
        ["json_control_character"] = new(
            "Line {0}, column {1}: JSON does not allow {2} between quotation marks. Write a line break as \\n and a tab as \\t, or "
            + "close the quotation marks before it.",
            "Dòng {0}, cột {1}: giữa hai dấu ngoặc kép không được có {2}. Hãy viết chỗ xuống dòng là \\n, tab là \\t, hoặc đóng dấu "
            + "ngoặc kép trước đó."),
        ["json_invalid_escape"] = new(
            "Line {0}, column {1}: the backslash escape is not valid at {2}. Write a backslash inside a text as \\\\.",
            "Dòng {0}, cột {1}: mã sau dấu gạch chéo ngược không đúng tại {2}. Bên trong văn bản, hãy viết dấu gạch chéo ngược là \\\\."),
        ["json_unescaped_quote"] = new(
            "Line {0}, column {1}: the quotation mark before {2} ends the text. Inside a text, write \\\" or curly quotation marks.",
            "Dòng {0}, cột {1}: dấu ngoặc kép trước {2} kết thúc văn bản. Bên trong văn bản, hãy viết \\\" hoặc dùng dấu ngoặc kép cong."),
        ["json_invalid_number"] = new(
            "Line {0}, column {1}: the number is not valid at {2}. Write numbers as 3000000000 or 2.5, without a unit, and dates in "
            + "quotation marks.",
            "Dòng {0}, cột {1}: cách viết số không đúng tại {2}. Hãy viết số như 3000000000 hoặc 2.5, không kèm đơn vị; ngày phải đặt "
            + "trong dấu ngoặc kép."),
        ["json_missing_comma"] = new("Line {0}, column {1}: a comma is missing before '{2}'.",
            "Dòng {0}, cột {1}: thiếu dấu phẩy trước '{2}'."),
        ["json_unquoted_text"] = new(
            "Line {0}, column {1}: put the name or text that begins with {2} in straight quotation marks: \". Only numbers, true and false "
            + "have none.",
            "Dòng {0}, cột {1}: hãy đặt tên trường hoặc văn bản bắt đầu bằng {2} trong dấu ngoặc kép thẳng: \". Chỉ số, true và false "
            + "không có dấu ngoặc kép."),
        ["json_text_after_end"] = new(
            "Line {0}, column {1}: the JSON is complete before {2}. Remove the rest. Only NDJSON (`application/x-ndjson`) has several "
            + "objects, one per line.",
            "Dòng {0}, cột {1}: JSON đã kết thúc trước {2}. Hãy bỏ phần còn lại. Chỉ NDJSON (`application/x-ndjson`) mới có nhiều đối "
            + "tượng, mỗi dòng một đối tượng."),
        ["json_duplicate_member"] = new("Line {0}, column {1}: the member '{2}' occurs more than once in its object. Remove one of them.",
            "Dòng {0}, cột {1}: trường '{2}' xuất hiện nhiều lần trong cùng một đối tượng. Hãy chỉ giữ lại một."),
        ["json_too_deep"] = new("Line {0}, column {1}: lists and objects are nested more than {2} levels deep.",
            "Dòng {0}, cột {1}: danh sách và đối tượng lồng nhau quá {2} cấp."),
        ["json_wrong_encoding"] = new("The text is not in UTF-8 but in another encoding, such as UTF-16 or Windows-1258. Save it as UTF-8.",
            "Văn bản không dùng bảng mã UTF-8 mà dùng bảng mã khác, như UTF-16 hoặc Windows-1258. Hãy lưu lại với bảng mã UTF-8."),
        ["body_empty"] = new("The JSON document is empty.", "Nội dung gửi lên trống, không có JSON."),
        ["body_not_json"] = new(
            "The text begins with {0} and is not JSON, which begins with '{{'. Tables (CSV) and web pages are not accepted.",
            "Văn bản bắt đầu bằng {0} nên không phải là JSON; JSON bắt đầu bằng '{{'. Không nhận bảng (CSV) và trang web."),
        ["body_is_archive"] = new(
            "The file is a workbook, a document or an archive (such as .xlsx, .docx or .zip) and not JSON. Send the records as JSON.",
            "Tệp gửi lên là bảng tính, tài liệu hoặc tệp nén (như .xlsx, .docx hoặc .zip), không phải JSON. Hãy gửi các bản ghi ở dạng "
            + "JSON."),
        ["bundle_not_object"] = new("A bundle must be an object with one list per resource, for example {{\"meetings\": [...]}}.",
            "Gói dữ liệu phải là một đối tượng, mỗi loại bản ghi có một danh sách, ví dụ {{\"meetings\": [...]}}."),
        ["line_not_object"] = new(
            "A line must be an object with the members '{0}' and '{1}', for example {{\"type\": \"meetings\", \"data\": {{...}}}}.",
            "Mỗi dòng phải là một đối tượng có các trường '{0}' và '{1}', ví dụ {{\"type\": \"meetings\", \"data\": {{...}}}}."),
        ["unknown_resource"] = new("Unknown resource '{0}'.", "Không có loại bản ghi '{0}'."),
        ["too_long"] = new("The text or list is too long: {0} (maximum {1}).", "Văn bản hoặc danh sách quá dài: {0} (tối đa {1})."),
        ["too_short"] = new("The text or list is empty or too short (minimum {0}).",
            "Văn bản hoặc danh sách để trống hoặc quá ngắn (tối thiểu {0})."),
        ["pattern_mismatch"] = new("'{0}' does not have the required form. Example: {1}.",
            "'{0}' không đúng dạng quy định. Ví dụ đúng: {1}."),
        ["referenced_by"] = new("'{0}/{1}' refers to the record at {2}.", "'{0}/{1}' tham chiếu tới bản ghi này tại {2}."),
        ["id_mismatch"] = new("The id '{0}' does not match the id in the URL, '{1}'.", "Mã '{0}' không khớp với mã trong URL, '{1}'."),
        ["id_retired"] = new("'{0}/{1}' was {2}; its id cannot be reused.",
            "'{0}/{1}' đã bị hợp nhất hoặc xóa vĩnh viễn ({2}); không thể dùng lại mã này."),
        ["incompatible_with_revision"] = new("'{0}' cannot be combined with `revision`.", "Không thể dùng '{0}' cùng với `revision`."),
        ["revision_mismatch"] = new("The revision {0} is not current: the current revision is {1} (0: no record exists).",
            "Phiên bản {0} không phải là phiên bản hiện tại: phiên bản hiện tại là {1} (0: chưa có bản ghi)."),
        ["content_mismatch"] = new("The stored record has other content. Replacing it would remove {0} of its values.",
            "Bản ghi đã lưu có nội dung khác. Nếu thay thế, {0} giá trị của bản ghi này sẽ mất."),
        ["invalid_characters"] = new("Character {1} of the text is {0}. Use spaces and visible characters.",
            "Ký tự thứ {1} của văn bản là {0}. Hãy chỉ dùng dấu cách và ký tự nhìn thấy được."),
        ["unverified_characters"] = new(
            "Character {1} of the quote is {0}. A quote can have it only if the text of the source is stored and has it too. Use a "
            + "space or a visible character, or store the text first.",
            "Ký tự thứ {1} của trích dẫn là {0}. Trích dẫn chỉ được có ký tự này nếu văn bản của nguồn đã được lưu và cũng có ký tự đó. "
            + "Hãy dùng dấu cách hoặc ký tự nhìn thấy được, hoặc lưu văn bản của nguồn trước."),
        ["text_without_words"] = new("The text has no letter and no digit.", "Văn bản không có chữ cái hoặc chữ số nào."),
        ["outer_blanks"] = new("The text begins or ends with blanks. Remove them.",
            "Văn bản có khoảng trắng thừa ở đầu hoặc ở cuối. Hãy bỏ các khoảng trắng này."),
        ["inexact_number"] = new("The number cannot be kept exactly. Use at most 28 significant digits.",
            "Không thể lưu chính xác số này. Hãy dùng tối đa 28 chữ số có nghĩa."),
        ["invalid_url"] = new("'{0}' is not an absolute http or https URL. Example: https://example.org/page.",
            "'{0}' không phải là URL http hoặc https đầy đủ. Ví dụ đúng: https://example.org/page."),
        ["invalid_period"] = new("The period ends before it begins.", "Ngày kết thúc của khoảng thời gian sớm hơn ngày bắt đầu."),
        ["empty_period"] = new("The period has neither a date nor a label. Send `from`, `to` or `label`, or omit the period.",
            "Khoảng thời gian không có ngày và cũng không có nhãn. Hãy ghi `from`, `to` hoặc `label`, hoặc bỏ trường này."),
        ["unsupported_member"] = new("'{0}' is not a member of the record.", "Bản ghi này không có trường '{0}'."),
        ["quote_offsets_missing"] = new(
            "A quote requires `start` and `end`, and `end` must be `start` plus the number of characters of the quote. Omit both "
            + "without a quote, or if the text of the source is stored: the service then finds the quote.",
            "Trích dẫn phải có `start` và `end`, trong đó `end` bằng `start` cộng số ký tự của trích dẫn. Hãy bỏ cả hai nếu không có "
            + "trích dẫn, hoặc nếu văn bản của nguồn đã được lưu: khi đó dịch vụ tự tìm vị trí trích dẫn."),
        ["quote_missing"] = new("A citation with the basis Stated requires a quote.",
            "Dẫn chứng có `basis` là Stated phải có trích dẫn (`quote`)."),
        ["inference_note_missing"] = new(
            "A citation with the basis Inferred requires a quote, or a locator and a note that explains the inference.",
            "Dẫn chứng có `basis` là Inferred phải có trích dẫn (`quote`), hoặc có `locator` và `note` giải thích căn cứ suy ra."),
        ["source_title_missing"] = new("A source requires a title or a URL.", "Nguồn phải có tiêu đề hoặc URL."),
        ["locator_missing"] = new("A citation with the basis Referenced requires a locator and must not have a quote.",
            "Dẫn chứng có `basis` là Referenced phải có `locator` và không được có trích dẫn (`quote`)."),
        ["party_missing"] = new(
            "One of officialId, organizationId, provinceId (not sufficient for a participant) or description is required.",
            "Cần ít nhất một trong các trường officialId, organizationId, provinceId (riêng trường này chưa đủ đối với người tham dự) "
            + "hoặc description."),
        ["amount_without_currency"] = new("An amount requires a currency, and a currency requires an amount.",
            "Số tiền (`amount`) phải đi cùng loại tiền (`currency`), và ngược lại."),
        ["exceeds_total"] = new("'outOf' requires a quantity that is not greater than 'outOf'.",
            "Khi có 'outOf' thì phải có quantity, và quantity không được lớn hơn 'outOf'."),
        ["quantity_without_unit"] = new("A quantity requires a unit, and a unit requires a quantity.",
            "Số lượng (`quantity`) phải đi cùng đơn vị tính (`unit`), và ngược lại."),
        ["versions_not_contiguous"] = new("The versions must cover the whole lifetime of the unit without gaps or overlaps.",
            "Các thời kỳ trong versions phải bao quát toàn bộ thời gian tồn tại của đơn vị, không gián đoạn và không chồng lấn."),
        ["latest_version_mismatch"] = new("The value must equal the value of the last version.",
            "Giá trị phải trùng với giá trị của thời kỳ cuối cùng trong versions."),
        ["full_name_mismatch"] = new("The full name must be '{0}': the word for the kind, then the name.",
            "Tên đầy đủ phải là '{0}': từ chỉ loại đơn vị, rồi đến tên."),
        ["duplicate_name"] = new("'{0}' repeats '{1}'. Remove it: search ignores case, tones, diacritics and punctuation.",
            "'{0}' trùng với '{1}'. Hãy bỏ tên này: tìm kiếm không phân biệt chữ hoa, dấu thanh, dấu chữ và dấu câu."),
        ["duplicate_id"] = new("'{0}' occurs more than once. Each id may occur only once here.",
            "'{0}' xuất hiện nhiều lần. Mỗi mã chỉ được xuất hiện một lần ở đây."),
        ["unknown_reference"] = new("Record '{1}' does not exist in {0}. Use the id of an existing record, or create the record first.",
            "Không có bản ghi '{1}' trong {0}. Hãy dùng mã của một bản ghi đã có, hoặc tạo bản ghi đó trước."),
        ["ambiguous_reference"] = new("Several records have the id '{1}' in {0}; the reference is ambiguous.",
            "Có nhiều bản ghi mang mã '{1}' trong {0} nên không rõ tham chiếu tới bản ghi nào."),
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
        ["meeting_before_adoption"] = new(
            "The meeting was held before the adoption of the agreement '{0}' on {1}. A result of that meeting was not delivered under the "
            + "agreement: omit `agreementId`.",
            "Cuộc gặp diễn ra trước ngày thông qua thỏa thuận '{0}' ({1}), nên kết quả này không phải là kết quả thực hiện thỏa thuận. "
            + "Hãy bỏ `agreementId`."),
        ["planned_result"] = new(
            "The period begins after the meeting '{0}' on {1}, which reported the result. Record a plan as a commitment.",
            "Thời gian bắt đầu sau cuộc gặp '{0}' ({1}), nơi kết quả được báo cáo. Việc mới dự kiến phải được ghi là cam kết."),
        ["two_ids_required"] = new("The parameter must have two different ids. Example: {0}.",
            "Tham số phải có hai mã khác nhau. Ví dụ: {0}."),
        ["province_not_in_force"] = new("'{0}' existed only {2}; the record has the date {1}. Its successor or predecessor: {3}.",
            "'{0}' chỉ tồn tại {2}, nhưng thời điểm của bản ghi là {1}. Đơn vị kế thừa hoặc tiền thân: {3}."),
        ["quote_not_found"] = new("The quote does not occur in the text of the source '{0}'. Copy the exact words of the source.",
            "Trích dẫn không có trong văn bản của nguồn '{0}'. Hãy chép đúng nguyên văn của nguồn."),
        ["quote_differs"] = new("Character {1} of the quote is {2}; the text of the source '{0}' has {3} there, at the offset {4}.",
            "Ký tự thứ {1} của trích dẫn là {2}, nhưng văn bản của nguồn '{0}' có {3} ở chỗ đó (vị trí {4})."),
        ["quote_elsewhere"] = new("The quote is not at the offsets {0} to {1}. It occurs in the text of the source at the offset {2}.",
            "Trích dẫn không nằm ở vị trí từ {0} đến {1}. Trong văn bản của nguồn, trích dẫn bắt đầu tại vị trí {2}."),
        ["quote_ambiguous"] = new(
            "The quote occurs several times in the text of the source '{0}', at the offsets {1}. Lengthen the quote, or send `start` "
            + "and `end`.",
            "Trích dẫn xuất hiện nhiều lần trong văn bản của nguồn '{0}', tại các vị trí {1}. Hãy trích dài hơn, hoặc gửi `start` và "
            + "`end`."),
        ["quote_mismatch"] =
            new("The source text at offsets {0} to {1} reads: “{2}”.", "Văn bản nguồn tại vị trí từ {0} đến {1} là: “{2}”."),
        ["source_hash_mismatch"] = new("The stored text of this source has another hash or length: {0}.",
            "Văn bản đang lưu của nguồn này có mã băm hoặc độ dài khác: {0}."),
        ["invalid_source_text"] =
            new("The text is empty, is not UTF-8, or contains a NUL character.", "Văn bản trống, không phải UTF-8 hoặc có ký tự NUL."),
        ["source_text_conflict"] = new(
            "The text has the hash {0} and {1} code points; the record has the hash '{2}' and {3} code points ('' or 0: not set).",
            "Văn bản có mã băm {0} và {1} ký tự; bản ghi ghi mã băm '{2}' và {3} ký tự ('' hoặc 0: không ghi)."),
        ["line_too_long"] = new("The line exceeds {0} bytes. An NDJSON bundle has one record per line.",
            "Dòng vượt quá {0} byte. Trong gói NDJSON, mỗi dòng chỉ có một bản ghi."),
        ["bundle_too_long"] = new("The JSON bundle exceeds {0} bytes. Use NDJSON, which has no limit for the file.",
            "Gói dữ liệu JSON vượt quá {0} byte. Hãy dùng NDJSON, không giới hạn kích thước tệp."),
        ["invalid_value"] = new("The value is not valid. The API document describes the member.",
            "Giá trị không hợp lệ. Tài liệu API mô tả trường này."),
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
            DateOnly day => FormatDay(language, day),
            PartialDate date => FormatDate(language, date),
            ValidityPeriod period => FormatPeriod(language, period),
            Rune character => CharacterNames.Describe(language, character),
            _ => value,
        }).ToArray());

    // As an official writes it: `15:00 ngày 22/11/2026`, in Vietnam's time.
    private static string FormatTime(Language language, DateTimeOffset time) => language == Language.Vietnamese
        ? time.ToOffset(VietnamTime.Offset).ToString("HH:mm 'ngày' dd/MM/yyyy", CultureInfo.InvariantCulture)
        : time.ToIso();

    private static string FormatDay(Language language, DateOnly day) =>
        day.ToString(language == Language.Vietnamese ? "dd/MM/yyyy" : "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string FormatDate(Language language, PartialDate date) => (language, date.Precision) switch
    {
        (Language.Vietnamese, DatePrecision.Day) => FormatDay(language, date.FirstDay!.Value),
        (Language.Vietnamese, DatePrecision.Month) => date.FirstDay!.Value.ToString("'tháng' MM/yyyy", CultureInfo.InvariantCulture),
        _ => date.Text,
    };

    private static string FormatPeriod(Language language, ValidityPeriod period)
    {
        var (from, until, to) = language == Language.Vietnamese ? ("từ", "đến", "đến") : ("from", "until", "to");
        return (period.From, period.To) switch
        {
            ({ } first, { } last) => $"{from} {FormatDay(language, first)} {to} {FormatDay(language, last)}",
            (null, { } last) => $"{until} {FormatDay(language, last)}",
            _ => $"{from} {FormatDay(language, period.From!.Value)}",
        };
    }

    private static string Truncate(string text) =>
        text.Length <= MaxEchoLength ? text : string.Concat(text.EnumerateRunes().Take(MaxEchoLength)) + "…";
}
