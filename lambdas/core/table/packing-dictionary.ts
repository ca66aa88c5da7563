/**
 * DEFLATE's preset dictionary for packed items: text of most profiles, the most common last. Stored items depend on
 * every character, so it never changes; another dictionary needs another attribute.
 */
export const packingDictionary = [
  String.raw`birthday\",[\"description\",[\"gender\",[\"website\",[\"avatar\",[\"industry\",[\"employees\",[\"age\",[\"title\",[\"username\",`,
  String.raw`[\"address\",{\"street\":\"\",\"postalCode\":\"\",\"state\":\"\"[\"company\",[\"country\",\"US\",0],[\"city\",[\"plan\",[\"createdAt\",`,
  String.raw`[\"order_count\",[\"lifetime_value\",[\"newsletter\",true,0],false,0],[\"name\",[\"phone\",\"+1@gmail.com\",0],`,
  String.raw`"apart":"[\"per_","consent":"[[\"","accounts":"[[\"","merged":"[[\"per_","touches":"{\"first\":{\"timestamp\":\"202,\"last\":{`,
  String.raw`\"campaign\":{\"source\":\"google\",\"medium\":\"cpc\",\"name\":\"},\"referrer\":\"https://www.google.com/\"},\"messageId\":\"`,
  String.raw`[\"group_id:[\"device.id:[\"android.id:[\"ios.id:[\"phone:+1[\"email:@example.com\",\"m`,
  String.raw`[0,\"Product Clicked\",[0,\"Products Searched\",[0,\"Checkout Started\",[0,\"Signed Up\",[0,\"Application Opened\",[0,\"Order Completed\",`,
  String.raw`[2,\"Home\",[2,\"\",[1,\"\",1],[0,\"Product Added\",2],[0,\"Product Viewed\",3],4],5],6],7],8],9],10]]"`,
  String.raw`[[\"node-next-17-4-8-4-9-4-a-4-b[[\"ajs-next-17-4-8-4-9-4-a-4-b\",\"m`,
  String.raw`"segments":"[[\"","recent":"[[0,\"","sayings":"[[\"","traits":"[[\"email\",\"\",0],[\"first_name\",\"\",0],[\"last_name\",\"\",0],`,
  '{"collection":"users","createdAt":"202:00.000Z","firstSeen":"202:00.000Z","lastSeen":"202:00.000Z","marks":"ao ;ao ",',
  String.raw`"identifiers":"[[\"user_id:\",\"m\",\"m\"],[\"anonymous_id:\",\"m"]]",`,
].join('');
