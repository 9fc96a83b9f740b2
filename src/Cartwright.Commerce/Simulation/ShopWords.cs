namespace Cartwright.Commerce.Simulation;

/// <summary>The lowest category of a path, and how its products sell.</summary>
/// <param name="Price">Typical price in the shop's currency.</param>
/// <param name="PeakMonth">Month in which it sells best, 1 to 12.</param>
/// <param name="Season">Half the swing between the best and the worst month, as a share of the mean.</param>
/// <param name="IsConsumable">True where shoppers buy the same product again.</param>
/// <param name="GoesWith">Categories bought together with it.</param>
internal sealed record LeafWords(string Path, string[] Nouns, double Price, int PeakMonth, double Season, bool IsConsumable, params string[] GoesWith);

/// <summary>The words that products are made of. All brands are invented.</summary>
internal static class ShopWords
{
    public static readonly string[] Styles = ["rustic", "modern", "classic", "playful", "natural", "compact"];

    public static readonly string[] Colors = ["white", "black", "moss", "sand", "navy", "coral", "slate", "amber"];

    public static readonly string[] Series = ["Alba", "Brook", "Cedar", "Dune", "Ember", "Fjord", "Grove", "Harbor", "Iris", "Juno", "Koru", "Linden",
        "Meadow", "Nook", "Opal", "Prairie", "Quill", "Ridge", "Saffron", "Terra", "Umber", "Vale", "Willow", "Zephyr"];

    public static readonly string[] Brands = ["Tallowmere", "Brindlewick", "Ostrelle", "Kavindor", "Marrowfen", "Quillhaven", "Sundermoss", "Velloway",
        "Larkstead", "Pemberoak", "Drifthollow", "Wrenfold", "Astermill", "Copperlyn", "Fallowdeep", "Hazelgarth", "Ivoryash", "Junipeak",
        "Kestrelow", "Nettlebrook", "Orchandra", "Ploverton", "Rookmantle", "Thistledown & Vane", "Umberlight", "Yarrowby", "Zindermark", "Elmsprout"];

    public static readonly string[] Regions = ["north", "south", "east", "west", "islands"];

    public static readonly string[] Devices = ["phone", "desktop", "tablet"];

    public static readonly LeafWords[] Leaves =
    [
        new("Kitchen > Cookware", ["saucepan", "frying pan", "casserole"], 45, 11, 0.25, false, "Kitchen > Linens", "Pantry > Oils and Sauces"),
        new("Kitchen > Knives", ["chef knife", "bread knife", "paring knife"], 35, 12, 0.3, false, "Kitchen > Storage"),
        new("Kitchen > Tableware", ["dinner plate", "cereal bowl", "mug"], 22, 12, 0.25, false, "Kitchen > Linens", "Kitchen > Coffee and Tea Gear"),
        new("Kitchen > Coffee and Tea Gear", ["kettle", "coffee press", "teapot"], 38, 12, 0.35, false, "Pantry > Coffee", "Pantry > Tea"),
        new("Kitchen > Storage", ["storage jar", "lunch box", "bread bin"], 18, 8, 0.15, false, "Pantry > Pasta and Grains"),
        new("Kitchen > Linens", ["apron", "tea towel", "oven mitt"], 14, 12, 0.2, false, "Kitchen > Cookware"),
        new("Pantry > Coffee", ["ground coffee", "coffee beans", "espresso"], 9, 1, 0.1, true, "Kitchen > Coffee and Tea Gear", "Pantry > Sweets"),
        new("Pantry > Tea", ["green tea", "herbal tea", "black tea"], 6, 1, 0.3, true, "Pantry > Sweets", "Kitchen > Tableware"),
        new("Pantry > Pasta and Grains", ["spaghetti", "risotto rice", "couscous"], 4, 2, 0.1, true, "Pantry > Oils and Sauces", "Pantry > Spices"),
        new("Pantry > Spices", ["paprika", "curry powder", "sea salt"], 4, 11, 0.1, true, "Pantry > Pasta and Grains"),
        new("Pantry > Sweets", ["dark chocolate", "honey", "shortbread"], 6, 12, 0.45, true, "Pantry > Tea", "Pantry > Coffee"),
        new("Pantry > Oils and Sauces", ["olive oil", "vinegar", "pesto"], 9, 6, 0.1, true, "Pantry > Pasta and Grains"),
        new("Garden > Hand Tools", ["trowel", "pruner", "hand rake"], 19, 4, 0.6, false, "Garden > Seeds and Bulbs", "Garden > Pots and Planters"),
        new("Garden > Watering", ["watering can", "garden hose", "sprinkler"], 28, 6, 0.7, false, "Garden > Hand Tools"),
        new("Garden > Pots and Planters", ["flower pot", "planter", "hanging basket"], 17, 5, 0.55, false, "Garden > Seeds and Bulbs"),
        new("Garden > Seeds and Bulbs", ["tomato seeds", "tulip bulbs", "wildflower mix"], 4, 4, 0.6, true, "Garden > Pots and Planters", "Garden > Hand Tools"),
        new("Garden > Outdoor Furniture", ["garden chair", "bench", "side table"], 120, 5, 0.7, false, "Garden > Outdoor Lights", "Home > Cushions and Throws"),
        new("Garden > Outdoor Lights", ["lantern", "string lights", "path light"], 24, 10, 0.3, false, "Garden > Outdoor Furniture"),
        new("Sport > Running", ["running shoes", "running shorts", "running belt"], 58, 4, 0.3, false, "Sport > Fitness"),
        new("Sport > Cycling", ["bike light", "bike helmet", "pannier"], 42, 5, 0.45, false, "Sport > Running"),
        new("Sport > Yoga", ["yoga mat", "yoga block", "yoga strap"], 27, 1, 0.3, false, "Sport > Fitness", "Home > Candles"),
        new("Sport > Camping", ["tent", "sleeping bag", "camping stove"], 95, 6, 0.65, false, "Garden > Outdoor Lights"),
        new("Sport > Swimming", ["swim goggles", "swim cap", "kickboard"], 16, 7, 0.6, false, "Home > Bath"),
        new("Sport > Fitness", ["dumbbell", "resistance band", "jump rope"], 24, 1, 0.4, false, "Sport > Yoga"),
        new("Home > Bedding", ["duvet cover", "pillow", "fitted sheet"], 48, 11, 0.2, false, "Home > Cushions and Throws"),
        new("Home > Bath", ["bath towel", "bath mat", "soap dish"], 21, 1, 0.1, false, "Home > Candles"),
        new("Home > Cushions and Throws", ["cushion", "throw", "floor cushion"], 29, 10, 0.3, false, "Home > Rugs"),
        new("Home > Candles", ["scented candle", "tea light", "pillar candle"], 11, 12, 0.5, true, "Home > Bath"),
        new("Home > Wall Art", ["print", "wall clock", "mirror"], 39, 9, 0.1, false, "Home > Rugs"),
        new("Home > Rugs", ["rug", "runner", "doormat"], 75, 10, 0.2, false, "Home > Cushions and Throws"),
        new("Office > Notebooks", ["notebook", "planner", "sketchbook"], 11, 9, 0.4, true, "Office > Pens"),
        new("Office > Pens", ["fountain pen", "gel pen", "pencil"], 8, 9, 0.35, true, "Office > Notebooks"),
        new("Office > Organizers", ["desk tray", "pen pot", "cable box"], 19, 9, 0.2, false, "Office > Pens"),
        new("Office > Lamps", ["desk lamp", "clip lamp", "reading lamp"], 44, 11, 0.25, false, "Office > Organizers"),
        new("Office > Chairs", ["desk chair", "footrest", "seat pad"], 135, 9, 0.15, false, "Office > Lamps"),
        new("Office > Bags", ["laptop sleeve", "backpack", "tote bag"], 52, 9, 0.35, false, "Office > Notebooks"),
        new("Kids > Building Sets", ["wooden blocks", "marble run", "train set"], 34, 12, 0.7, false, "Kids > Puzzles"),
        new("Kids > Puzzles", ["jigsaw", "memory game", "card game"], 17, 12, 0.6, false, "Kids > Plush"),
        new("Kids > Plush", ["plush bear", "plush fox", "plush whale"], 21, 12, 0.55, false, "Kids > Building Sets"),
        new("Kids > Crafts", ["modeling clay", "watercolor set", "sticker book"], 12, 11, 0.3, true, "Kids > Puzzles"),
        new("Kids > Outdoor Play", ["kite", "sand set", "jumping ball"], 19, 6, 0.65, false, "Sport > Swimming"),
        new("Kids > Tableware", ["sippy cup", "kids plate", "snack box"], 13, 9, 0.1, false, "Kids > Crafts"),
        new("Pets > Dog Food", ["dog biscuits", "dry dog food", "dog treats"], 15, 1, 0.05, true, "Pets > Toys", "Pets > Leads and Collars"),
        new("Pets > Cat Food", ["dry cat food", "cat treats", "cat milk"], 12, 1, 0.05, true, "Pets > Toys", "Pets > Bowls"),
        new("Pets > Beds", ["dog bed", "cat cave", "pet blanket"], 46, 11, 0.25, false, "Pets > Toys"),
        new("Pets > Leads and Collars", ["dog lead", "collar", "harness"], 23, 4, 0.15, false, "Pets > Dog Food"),
        new("Pets > Toys", ["tug rope", "feather wand", "chew ball"], 9, 12, 0.2, true, "Pets > Dog Food", "Pets > Cat Food"),
        new("Pets > Bowls", ["feeding bowl", "water fountain", "food mat"], 20, 1, 0.1, false, "Pets > Cat Food"),
    ];

    /// <summary>What reviewers write, by grade from 1 to 5.</summary>
    public static readonly string[][] Reviews =
    [
        ["Broke within a week.", "Not what the picture promised.", "Sent it back."],
        ["Feels cheaper than it was.", "Works, but only just.", "Expected more."],
        ["Does what it should.", "All right for the price.", "Neither good nor bad."],
        ["Good quality, would buy again.", "Nice, arrived quickly.", "Very happy, one small flaw."],
        ["Exactly what I was looking for.", "Use it every day.", "The best I have had."],
    ];
}
