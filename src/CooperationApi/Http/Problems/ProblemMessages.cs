using System.Globalization;

namespace CooperationApi.Http.Problems;

/// <summary>Every code that the service answers, and what it means in both languages. The codes are stable; the words may improve.</summary>
internal static class ProblemMessages
{
    // What somebody sent is said back to them, but not by the kilobyte.
    private const int MaxEchoLength = 150;

    private sealed record LocalizedText(string English, string Vietnamese)
    {
        public string Get(Language language) => language == Language.Vietnamese ? Vietnamese : English;
    }

    /// <summary>Kinds of problems (`type`, `code`): title and detail.</summary>
    private static readonly Dictionary<string, (LocalizedText Title, LocalizedText Detail)> ProblemTexts = new()
    {
        ["invalid_request"] = (
            new("The request is not valid.", "Yêu cầu không hợp lệ."),
            new("{0} fault(s), listed in errors, or the first of them.", "Có {0} lỗi, được liệt kê trong errors, hoặc các lỗi đầu tiên.")),
        ["not_found"] = (
            new("Nothing is at this address.", "Không có gì tại địa chỉ này."),
            new("There is nothing at {0}. Paths are lower-case and have no trailing slash.", "Không có gì tại {0}. Đường dẫn viết thường và không có dấu gạch chéo ở cuối.")),
        ["record_not_found"] = (
            new("There is no such record.", "Không có bản ghi này."),
            new("There is no record '{1}' among {0}.", "Không có bản ghi '{1}' trong {0}.")),
        ["not_in_force"] = (
            new("The unit did not exist on that date.", "Đơn vị không tồn tại vào ngày đó."),
            new("'{0}' did not exist on {1}.", "'{0}' không tồn tại vào ngày {1}.")),
        ["record_deleted"] = (
            new("The record has been removed.", "Bản ghi đã bị gỡ bỏ."),
            new("'{1}' among {0} was removed on {2}; the reason: {3}.", "'{1}' trong {0} đã bị gỡ bỏ lúc {2}; lý do: {3}.")),
        ["record_merged"] = (
            new("The record has been merged into another.", "Bản ghi đã được hợp nhất vào bản ghi khác."),
            new("'{1}' among {0} was merged on {2} into '{3}', which stands in its place.", "'{1}' trong {0} đã được hợp nhất lúc {2} vào '{3}', bản ghi thay cho nó.")),
        ["record_redacted"] = (
            new("The record has been redacted.", "Bản ghi đã bị xoá vĩnh viễn."),
            new("'{1}' among {0} was taken out on {2}, with all that it ever said; the reason: {3}", "'{1}' trong {0} đã bị xoá lúc {2} cùng toàn bộ nội dung từng có; lý do: {3}")),
        ["merge_with_itself"] = (
            new("A record can't be merged into itself.", "Không thể hợp nhất bản ghi vào chính nó."),
            new("'{1}' among {0} is both the one and the other.", "'{1}' trong {0} vừa là bản ghi này vừa là bản ghi kia.")),
        ["merge_conflict"] = (
            new("Records that name the one would break their rules.", "Các bản ghi dẫn tới bản ghi này sẽ vi phạm quy tắc."),
            new("'{1}' among {0} can't be merged into '{2}' before what errors lists is put right; each error names its record.", "Chưa thể hợp nhất '{1}' trong {0} vào '{2}' khi chưa sửa những lỗi trong errors; mỗi lỗi nêu rõ bản ghi của nó.")),
        ["range_not_satisfiable"] = (
            new("The file has no such part.", "Tệp không có phần này."),
            new("Content-Range says how long it is.", "Content-Range cho biết độ dài của tệp.")),
        ["export_not_found"] = (
            new("There is no export.", "Chưa có bản xuất nào."),
            new("This service makes none by itself; /v1/changes without a cursor tells the whole record.", "Dịch vụ này không tự tạo bản xuất; /v1/changes không kèm con trỏ cho biết toàn bộ dữ liệu.")),
        ["export_being_built"] = (
            new("The export is being made.", "Bản xuất đang được tạo."),
            new("There is none of this state of the store yet; Retry-After says when to ask again.", "Chưa có bản xuất của kho dữ liệu hiện tại; Retry-After cho biết khi nào nên hỏi lại.")),
        ["export_expired"] = (
            new("The export is no longer kept.", "Bản xuất không còn được lưu."),
            new("'{0}' is old, or of an earlier life of the store; begin again with /v1/exports/latest.", "'{0}' đã cũ hoặc thuộc về kho dữ liệu trước đây; hãy bắt đầu lại từ /v1/exports/latest.")),
        ["export_withdrawn"] = (
            new("The export was withdrawn.", "Bản xuất đã bị thu hồi."),
            new("'{0}' holds a record that was redacted since; begin again with /v1/exports/latest.", "'{0}' có chứa bản ghi đã bị xoá nội dung sau đó; hãy bắt đầu lại từ /v1/exports/latest.")),
        ["revision_expired"] = (
            new("What the record was then is no longer kept.", "Trạng thái của bản ghi vào lúc đó không còn được lưu."),
            new("Of '{0}/{1}', the state at number {2} is no longer kept; the oldest that is has the number {3}.", "Trạng thái của '{0}/{1}' ở số {2} không còn được lưu; trạng thái cũ nhất còn lưu có số {3}.")),
        ["record_not_yet_created"] = (
            new("The record was not there yet.", "Khi đó chưa có bản ghi này."),
            new("'{1}' among {0} was made after the change number {2}.", "'{1}' trong {0} được tạo sau thay đổi số {2}.")),
        ["epoch_changed"] = (
            new("The cursor belongs to another life of the store.", "Con trỏ thuộc về một vòng đời khác của kho dữ liệu."),
            new("The cursor is of '{0}', and the store was restored since: it is '{1}' now. Replace the copy by /v1/exports/latest, and go on from its cursor.", "Con trỏ thuộc '{0}', còn kho đã được khôi phục và nay là '{1}'. Hãy thay bản sao bằng /v1/exports/latest rồi tiếp tục từ con trỏ trong đó.")),
        ["cursor_ahead"] = (
            new("The cursor is ahead of the feed.", "Con trỏ vượt quá điểm cuối của nguồn thay đổi."),
            new("The cursor stands at {0}, and the last change is {1}. Replace the copy by /v1/exports/latest, and go on from its cursor.", "Con trỏ ở vị trí {0}, còn thay đổi cuối cùng là {1}. Hãy thay bản sao bằng /v1/exports/latest rồi tiếp tục từ con trỏ trong đó.")),
        ["cursor_expired"] = (
            new("What follows the cursor is no longer kept.", "Các thay đổi sau con trỏ không còn được lưu."),
            new("The cursor stands at {0}, and changes are kept from {1} on. Replace the copy by /v1/exports/latest, and go on from its cursor.", "Con trỏ ở vị trí {0}, còn các thay đổi chỉ được lưu từ {1} trở đi. Hãy thay bản sao bằng /v1/exports/latest rồi tiếp tục từ con trỏ trong đó.")),
        ["precondition_required"] = (
            new("It must be said which state is to be changed.", "Phải cho biết muốn thay đổi trạng thái nào."),
            new("Send If-Match with the record's ETag, or If-None-Match: * for a record that isn't there yet.", "Hãy gửi If-Match cùng ETag của bản ghi, hoặc If-None-Match: * nếu bản ghi chưa có.")),
        ["precondition_invalid"] = (
            new("The precondition can't be understood.", "Không hiểu được điều kiện."),
            new("{0} is a list of quoted tags, or *.", "{0} là danh sách các thẻ trong dấu ngoặc kép, hoặc *.")),
        ["precondition_failed"] = (
            new("The record has changed.", "Bản ghi đã thay đổi."),
            new("'{1}' among {0} isn't in the state that was named; the ETag, if there is one, is the one that stands. Read it again.", "'{1}' trong {0} không ở trạng thái đã nêu; ETag (nếu có) là của trạng thái hiện tại. Hãy đọc lại.")),
        ["still_referenced"] = (
            new("Other records name this one.", "Còn bản ghi khác dẫn tới bản ghi này."),
            new("{2} reference(s) lead to '{1}' among {0}, some of them listed in errors.", "Có {2} tham chiếu tới '{1}' trong {0}, một số được liệt kê trong errors.")),
        ["quote_mismatch"] = (
            new("Quotes don't stand in this text.", "Có trích dẫn không khớp với văn bản này."),
            new("{2} quote(s) of '{1}' stand elsewhere or not at all in this text, listed in errors.", "Có {2} trích dẫn của '{1}' nằm chỗ khác hoặc không có trong văn bản này, được liệt kê trong errors.")),
        ["method_not_allowed"] = (
            new("The method is not allowed here.", "Phương thức không được phép ở đây."),
            new("{0} is not allowed here; the Allow header lists what is.", "{0} không được phép ở đây; tiêu đề Allow liệt kê các phương thức được phép.")),
        ["not_acceptable"] = (
            new("No acceptable format.", "Không có định dạng phù hợp."),
            new("This address serves {0}, which the Accept header rules out.", "Địa chỉ này trả về {0}, nhưng tiêu đề Accept không chấp nhận.")),
        ["payload_too_large"] = (
            new("The body is too large.", "Nội dung gửi lên quá lớn."),
            new("The body is larger than the service takes.", "Nội dung lớn hơn mức dịch vụ chấp nhận.")),
        ["unsupported_media_type"] = (
            new("The body's format is not supported.", "Định dạng nội dung không được hỗ trợ."),
            new("This address takes {0}, in UTF-8; Content-Type must say so.", "Địa chỉ này nhận {0}, mã hoá UTF-8; Content-Type phải ghi như vậy.")),
        ["unsupported_encoding"] = (
            new("The body's encoding is not supported.", "Cách mã hoá nội dung không được hỗ trợ."),
            new("Bodies are taken as they are, not compressed: send no Content-Encoding.", "Nội dung phải được gửi nguyên dạng, không nén: không gửi Content-Encoding.")),
        ["request_timeout"] = (
            new("The request came too slowly.", "Yêu cầu được gửi quá chậm."),
            new("The service waited for the rest of the request and then gave up.", "Dịch vụ đã chờ phần còn lại của yêu cầu rồi thôi không chờ nữa.")),
        ["processing_timeout"] = (
            new("The answer took too long.", "Trả lời mất quá nhiều thời gian."),
            new("The service gave up after {0} s. Ask for less: a smaller page, fewer filters, nothing sent along.", "Dịch vụ đã dừng sau {0} giây. Hãy yêu cầu ít hơn: trang nhỏ hơn, ít bộ lọc hơn, không kèm bản ghi khác.")),
        ["too_many_requests"] = (
            new("Too many requests.", "Quá nhiều yêu cầu."),
            new("The limit of requests is used up; Retry-After says when to go on.", "Đã hết hạn mức yêu cầu; Retry-After cho biết khi nào có thể tiếp tục.")),
        ["too_many_failed_attempts"] = (
            new("Too many refused attempts.", "Quá nhiều lần bị từ chối."),
            new("Too many keys or tokens from your address were refused; Retry-After says when to go on.", "Quá nhiều khoá hoặc thẻ từ địa chỉ của bạn bị từ chối; Retry-After cho biết khi nào có thể tiếp tục.")),
        ["key_in_url"] = (
            new("A key does not belong into an address.", "Không được đặt khoá trong địa chỉ."),
            new("Addresses are kept by proxies, browsers and logs. Send the key as `Authorization: Bearer …`, and if it was a real one, have it revoked.", "Địa chỉ được máy chủ trung gian, trình duyệt và nhật ký lưu lại. Hãy gửi khoá bằng `Authorization: Bearer …`; nếu đó là khoá thật, hãy yêu cầu thu hồi.")),
        ["key_missing"] = (
            new("This takes a key.", "Cần có khoá."),
            new("Send a key as `Authorization: Bearer …`. Whoever runs the service makes the first one with the verb `keys add`; Admins make others at /v1/keys.", "Hãy gửi khoá bằng `Authorization: Bearer …`. Người vận hành dịch vụ tạo khoá đầu tiên bằng lệnh `keys add`; quản trị viên tạo các khoá khác tại /v1/keys.")),
        ["key_invalid"] = (
            new("The key is not known.", "Không nhận ra khoá."),
            new("What was sent as Authorization is no key of this service; it is sent as `Bearer`, whole and once.", "Giá trị gửi trong Authorization không phải khoá của dịch vụ này; khoá phải gửi dạng `Bearer`, đầy đủ và một lần.")),
        ["key_revoked"] = (
            new("The key was revoked.", "Khoá đã bị thu hồi."),
            new("The key was good once and was revoked. Ask whoever gave it to you for a new one.", "Khoá từng có hiệu lực nhưng đã bị thu hồi. Hãy xin khoá mới từ người đã cấp.")),
        ["key_expired"] = (
            new("The key has expired.", "Khoá đã hết hạn."),
            new("The key was good until it expired or was exchanged for a new one.", "Khoá có hiệu lực cho đến khi hết hạn hoặc được đổi lấy khoá mới.")),
        ["token_invalid"] = (
            new("The token is not good.", "Thẻ truy cập không hợp lệ."),
            new("The token is not signed by the identity provider, is not for this service, or is not valid yet.", "Thẻ truy cập không do nhà cung cấp định danh ký, không dành cho dịch vụ này hoặc chưa có hiệu lực.")),
        ["token_expired"] = (
            new("The token has expired.", "Thẻ truy cập đã hết hạn."),
            new("Get a new token from the identity provider.", "Hãy lấy thẻ truy cập mới từ nhà cung cấp định danh.")),
        ["issuer_unavailable"] = (
            new("The identity provider can't be asked.", "Không hỏi được nhà cung cấp định danh."),
            new("Whether the token is good can't be told at the moment; try again, or use a key.", "Hiện không thể xác nhận thẻ truy cập; xin thử lại hoặc dùng khoá.")),
        ["role_insufficient"] = (
            new("Your role does not allow this.", "Vai trò của bạn không được phép làm việc này."),
            new("This takes the role {0}.", "Việc này cần vai trò {0}.")),
        ["province_forbidden"] = (
            new("The record is not of your provinces.", "Bản ghi không thuộc các tỉnh của bạn."),
            new("You may write records that name one of: {0}.", "Bạn được ghi các bản ghi có nêu một trong các tỉnh: {0}.")),
        ["last_admin_key"] = (
            new("It is the last key of an Admin.", "Đây là khoá quản trị cuối cùng."),
            new("Without '{0}' nobody could make keys here any more. Make another one first.", "Không có '{0}' thì không còn ai tạo được khoá tại đây. Hãy tạo một khoá khác trước.")),
        ["key_inactive"] = (
            new("The key is over.", "Khoá không còn hiệu lực."),
            new("'{0}' was revoked, has expired or was exchanged already; make a new key.", "'{0}' đã bị thu hồi, đã hết hạn hoặc đã được đổi; hãy tạo khoá mới.")),
        ["client_error"] = (
            new("The request can't be carried out.", "Không thể thực hiện yêu cầu."),
            new("The service answered with status {0}.", "Dịch vụ trả về mã {0}.")),
        ["internal_error"] = (
            new("The service failed.", "Dịch vụ gặp lỗi."),
            new("The fault is ours and has been logged under this trace id.", "Lỗi thuộc về dịch vụ và đã được ghi lại theo mã truy vết này.")),
        ["store_busy"] = (
            new("Another write takes too long.", "Một lượt ghi khác đang kéo dài."),
            new("Nothing was changed. An import may be in progress; Retry-After says when to try again.", "Chưa có gì thay đổi. Có thể đang nhập dữ liệu; Retry-After cho biết khi nào nên thử lại.")),
        ["unavailable"] = (
            new("The service can't answer now.", "Dịch vụ tạm thời không thể trả lời."),
            new("The store can't be read at the moment; try again.", "Hiện không đọc được kho dữ liệu; xin thử lại.")),
        ["insufficient_storage"] = (
            new("There is no room to make the file.", "Không còn chỗ để tạo tệp."),
            new("A workbook is made on the service's disk before it is sent, and that failed; CSV and NDJSON need no room there.", "Tệp xlsx được tạo trên đĩa của dịch vụ trước khi gửi và việc đó không thành; CSV và NDJSON không cần chỗ ở đó.")),
    };

    /// <summary>Kinds of single faults (`errors[].code`).</summary>
    private static readonly Dictionary<string, LocalizedText> ErrorMessages = new()
    {
        // Query strings
        ["unknown_parameter"] = new("There is no parameter '{0}' here.", "Không có tham số '{0}' ở đây."),
        ["duplicate_parameter"] = new("The parameter is given more than once; several values go into one, with commas.", "Tham số được ghi nhiều lần; nhiều giá trị thì viết chung, cách nhau bằng dấu phẩy."),
        ["invalid_encoding"] = new("The query is not percent-encoded UTF-8 text without control characters.", "Chuỗi truy vấn không phải văn bản UTF-8 mã hoá phần trăm, hoặc có ký tự điều khiển."),
        ["parameter_missing"] = new("The parameter is missing.", "Thiếu tham số."),
        ["no_search_terms"] = new("There is no word in it: a letter or a digit is needed.", "Không có từ nào: cần ít nhất một chữ cái hoặc chữ số."),
        ["empty_value"] = new("The value is empty.", "Giá trị để trống."),
        ["invalid_integer"] = new("'{0}' is not a whole number.", "'{0}' không phải số nguyên."),
        ["out_of_range"] = new("The value must be between {1} and {2}, not {0}.", "Giá trị phải từ {1} đến {2}, không phải {0}."),
        ["not_allowed"] = new("'{0}' is not one of the values that are allowed.", "'{0}' không thuộc các giá trị được phép."),
        ["invalid_timestamp"] = new("'{0}' is not a moment of the form 2026-11-22T08:00:00Z or with an offset such as +07:00 ('+' is sent as %2B).", "'{0}' không phải thời điểm theo dạng 2026-11-22T08:00:00Z hoặc có độ lệch như +07:00 (dấu '+' gửi là %2B)."),
        ["not_in_future"] = new("'{0}' is not in the future.", "'{0}' không ở trong tương lai."),
        ["provinces_not_applicable"] = new("Only the key of an Editor is bound to provinces.", "Chỉ khoá của biên tập viên (Editor) mới gắn với các tỉnh."),
        ["invalid_date"] = new("'{0}' is not a date of the form yyyy-MM-dd that exists.", "'{0}' không phải ngày có thật theo dạng yyyy-MM-dd."),
        ["invalid_partial_date"] = new("'{0}' is not a date of the form yyyy, yyyy-MM or yyyy-MM-dd that exists.", "'{0}' không phải ngày tháng có thật theo dạng yyyy, yyyy-MM hoặc yyyy-MM-dd."),
        ["date_outside_coverage"] = new("The record covers {1} to {2} (today); {0} is outside.", "Dữ liệu bao quát từ {1} đến {2} (hôm nay); {0} nằm ngoài khoảng này."),
        ["range_reversed"] = new("The range begins at {0}, after its end at {1}.", "Khoảng bắt đầu từ {0}, sau điểm kết thúc {1}."),
        ["invalid_id"] = new("'{0}' is not an identifier: lower-case letters and digits in groups joined by single hyphens, 100 characters at most.", "'{0}' không phải mã định danh: các nhóm chữ thường và chữ số nối bằng một dấu gạch nối, tối đa 100 ký tự."),
        ["too_deep"] = new("'{0}' has too many steps; {1} at most are taken.", "'{0}' có quá nhiều bước; chỉ nhận tối đa {1}."),
        ["mutually_exclusive"] = new("'{0}' and '{1}' can't be asked for together.", "Không thể yêu cầu '{0}' cùng với '{1}'."),
        ["expansion_too_large"] = new("'{0}' would send more than {1} records along. Ask for its list, which comes in pages.", "'{0}' sẽ kèm theo hơn {1} bản ghi. Hãy gọi danh sách của nó, được chia trang."),
        ["too_many_values"] = new("{0} values are given; {1} at most are taken.", "Có {0} giá trị; chỉ nhận tối đa {1}."),
        ["duplicate_value"] = new("'{0}' is given more than once.", "'{0}' được ghi nhiều lần."),
        ["too_many_groups"] = new("There would be {0} rows; {1} at most are sent. Ask for less time, for one province, or tell fewer things apart.", "Kết quả sẽ có {0} dòng; chỉ gửi tối đa {1}. Hãy thu hẹp thời gian, chọn một tỉnh hoặc phân chia ít tiêu chí hơn."),
        ["record_not_found"] = new("There is no record '{1}' among {0}.", "Không có bản ghi '{1}' trong {0}."),
        ["cursor_invalid"] = new("The cursor is damaged: use `next` of a page as it was given.", "Con trỏ trang bị hỏng: hãy dùng nguyên giá trị `next` của một trang."),
        ["cursor_filter_mismatch"] = new("The cursor belongs to a list with other filters or another order.", "Con trỏ trang thuộc về danh sách có bộ lọc hoặc thứ tự khác."),

        // Formats
        ["requires_json_format"] = new("'{0}' goes with JSON only; {1} has the whole list, of records as they are.", "'{0}' chỉ dùng với JSON; {1} có toàn bộ danh sách, gồm các bản ghi nguyên vẹn."),
        ["requires_csv_format"] = new("A profile is of CSV; the format is {0}.", "profile chỉ dùng cho CSV; định dạng đang là {0}."),
        ["too_many_rows"] = new("The list has {0} rows; a workbook's sheet takes {1}. CSV and NDJSON take any number.", "Danh sách có {0} dòng; một trang tính chỉ chứa được {1}. CSV và NDJSON không giới hạn số dòng."),
        ["cell_too_long"] = new("'{1}' of '{0}' has {2} characters; a workbook's cell takes {3}. Leave it out with fields, or ask for CSV or NDJSON.", "'{1}' của '{0}' có {2} ký tự; một ô bảng tính chỉ chứa được {3}. Hãy bỏ thành phần này bằng fields, hoặc dùng CSV hay NDJSON."),

        // Records
        ["unknown_member"] = new("'{0}' is not a member here.", "'{0}' không phải là thành phần ở đây."),
        ["required_members_missing"] = new("What must be there is missing: {0}.", "Thiếu thành phần bắt buộc: {0}."),
        ["wrong_type"] = new("The value is of another kind than is taken here: text, a whole number without point or exponent, a number, true or false, a list or an object.", "Giá trị không đúng kiểu: cần chuỗi, số nguyên không có dấu chấm hay số mũ, số, true hoặc false, danh sách hoặc đối tượng."),
        ["not_a_date"] = new("'{0}' is not a date: 2019, 2019-10, 2019-10-26, or --10-26 if its year is not known.", "'{0}' không phải ngày tháng: 2019, 2019-10, 2019-10-26, hoặc --10-26 nếu không rõ năm."),
        ["null_value"] = new("There is no null here: what has no value is left out.", "Không dùng null ở đây: thành phần không có giá trị thì bỏ đi."),
        ["invalid_unicode"] = new("The JSON has text that is not Unicode: half of a surrogate pair, or bytes that are not UTF-8.", "JSON có văn bản không phải Unicode: nửa cặp thay thế, hoặc byte không thuộc UTF-8."),
        ["invalid_json"] = new("The JSON can't be read: {0}", "Không đọc được JSON: {0}"),
        ["unknown_resource"] = new("There is no resource '{0}'.", "Không có loại bản ghi '{0}'."),
        ["too_long"] = new("The text has {0} characters; {1} at most are taken.", "Văn bản có {0} ký tự; chỉ nhận tối đa {1}."),
        ["too_short"] = new("The list or text is too short: at least {0}.", "Danh sách hoặc văn bản quá ngắn: tối thiểu {0}."),
        ["pattern_mismatch"] = new("'{0}' does not have the form {1}.", "'{0}' không đúng dạng {1}."),
        ["referenced_by"] = new("'{1}' among {0} names it in {2}.", "'{1}' trong {0} dẫn tới bản ghi này tại {2}."),
        ["id_mismatch"] = new("The id '{0}' is not that of the address, '{1}'.", "Mã '{0}' khác mã trong địa chỉ, '{1}'."),
        ["id_retired"] = new("'{1}' among {0} was {2}, and there never is a record of this id again.", "'{1}' trong {0} đã bị gỡ vĩnh viễn ({2}), không thể có lại bản ghi mang mã này."),
        ["incompatible_with_revision"] = new("'{0}' does not go with revision: a record is answered as it stood, and nothing else as of then.", "'{0}' không dùng cùng revision: bản ghi được trả về đúng như khi đó, không kèm gì khác."),
        ["revision_mismatch"] = new("The record's revision is not {0} but {1} (0: there is none).", "Số thay đổi của bản ghi không phải {0} mà là {1} (0: chưa có)."),
        ["invalid_characters"] = new("The text has control or invisible characters.", "Văn bản có ký tự điều khiển hoặc ký tự ẩn."),
        ["invalid_url"] = new("'{0}' is not an absolute http or https address.", "'{0}' không phải địa chỉ http hoặc https đầy đủ."),
        ["invalid_period"] = new("The period ends before it begins.", "Giai đoạn kết thúc trước khi bắt đầu."),
        ["empty_period"] = new("The period has neither dates nor a label.", "Giai đoạn không có ngày tháng cũng không có nhãn."),
        ["unsupported_member"] = new("'{0}' is not a member that this record has.", "'{0}' không phải thành phần mà bản ghi này có."),
        ["quote_offsets_missing"] = new("A quote needs start and end, and end must be start plus the quote's length in code points.", "Trích dẫn cần có start và end, và end phải bằng start cộng độ dài trích dẫn tính theo điểm mã."),
        ["quote_missing"] = new("A citation that is Stated needs a quote.", "Dẫn chứng Stated phải có trích dẫn."),
        ["inference_note_missing"] = new("A citation that is Inferred needs a quote, or a locator and a note that says from what.", "Dẫn chứng Inferred phải có trích dẫn, hoặc có locator và note nói rõ suy ra từ đâu."),
        ["source_title_missing"] = new("A source needs a title or an address.", "Nguồn phải có tiêu đề hoặc địa chỉ."),
        ["locator_missing"] = new("A citation that is Referenced needs a locator and no quote.", "Dẫn chứng Referenced phải có locator và không có trích dẫn."),
        ["party_missing"] = new("Somebody must be named: an official, an organization, a province or a description.", "Phải nêu rõ là ai: cán bộ, tổ chức, tỉnh hoặc mô tả."),
        ["amount_without_currency"] = new("An amount needs a currency, and a currency an amount.", "Số tiền phải có loại tiền, và loại tiền phải có số tiền."),
        ["exceeds_total"] = new("'outOf' needs a quantity, and one that isn't greater.", "'outOf' phải đi cùng quantity, và quantity không được lớn hơn."),
        ["quantity_without_unit"] = new("A quantity needs a unit, and a unit a quantity.", "Số lượng phải có đơn vị, và đơn vị phải có số lượng."),
        ["versions_not_contiguous"] = new("The versions do not cover the unit's time without gaps or overlaps.", "Các phiên bản không bao quát liên tục thời gian tồn tại của đơn vị."),
        ["latest_version_mismatch"] = new("The value is not that of the last version.", "Giá trị không khớp với phiên bản cuối cùng."),
        ["duplicate_id"] = new("'{0}' stands here more than once.", "'{0}' xuất hiện nhiều lần ở đây."),
        ["unknown_reference"] = new("There is no record '{1}' among {0}.", "Không có bản ghi '{1}' trong {0}."),
        ["ambiguous_reference"] = new("Several records have the id '{1}', one in each of {0}: which is meant can't be told.", "Có nhiều bản ghi mang mã '{1}', mỗi loại trong {0} một bản ghi: không rõ là bản ghi nào."),
        ["province_not_in_force"] = new("The province '{0}' was there from {2} to {3}, and not in {1}.", "Tỉnh '{0}' tồn tại từ {2} đến {3}, không có vào thời điểm {1}."),
        ["quote_mismatch"] = new("At {0} to {1} the source's text has other words: “{2}”.", "Tại vị trí {0} đến {1}, văn bản nguồn có lời khác: “{2}”."),
        ["source_hash_mismatch"] = new("The text that is held of this source has another hash or length: {0}.", "Văn bản đang lưu của nguồn này có mã băm hoặc độ dài khác: {0}."),
        ["invalid_source_text"] = new("The text is empty, not UTF-8, or has a NUL.", "Văn bản trống, không phải UTF-8 hoặc có ký tự NUL."),
        ["source_text_conflict"] = new("The text has the hash {0} and {1} characters; the record says '{2}' and {3}.", "Văn bản có mã băm {0} và {1} ký tự; bản ghi nêu '{2}' và {3}."),
        ["line_too_long"] = new("The line is longer than {0} bytes.", "Dòng dài hơn {0} byte."),
        ["bundle_too_long"] = new("A bundle as one JSON document has {0} bytes at most. NDJSON, a record a line, may be of any length.", "Một gói dữ liệu JSON có tối đa {0} byte. NDJSON, mỗi dòng một bản ghi, có thể dài tùy ý."),
        ["invalid_value"] = new("The value is not valid: {0}", "Giá trị không hợp lệ: {0}"),
    };

    /// <summary>All codes of problems.</summary>
    public static IReadOnlyCollection<string> ProblemCodes => ProblemTexts.Keys;

    /// <summary>All codes of faults.</summary>
    public static IReadOnlyCollection<string> ErrorCodes => ErrorMessages.Keys;

    /// <summary>The kind of problem in words.</summary>
    public static string GetProblemTitle(Language language, string code) => ProblemTexts[code].Title.Get(language);

    /// <summary>What was wrong this time.</summary>
    public static string GetProblemDetail(Language language, string code, IEnumerable<object> arguments) =>
        Format(ProblemTexts[code].Detail.Get(language), arguments);

    /// <summary>One fault in words.</summary>
    public static string GetErrorDetail(Language language, string code, IEnumerable<object> arguments) => Format(ErrorMessages[code].Get(language), arguments);

    private static string Format(string text, IEnumerable<object> arguments) =>
        string.Format(CultureInfo.InvariantCulture, text, arguments.Select(value => value is string echo ? Truncate(echo) : value).ToArray());

    private static string Truncate(string text) =>
        text.Length <= MaxEchoLength ? text : string.Concat(text.EnumerateRunes().Take(MaxEchoLength)) + "…";
}
